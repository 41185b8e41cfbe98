import type { Me } from '@llmchat/protocol/api/auth-schema'
import { Suspense, lazy, useCallback, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { logout } from '../shared/api/auth.ts'
import { ApiError } from '../shared/api/api-error.ts'
import { toErrorText } from '../shared/i18n/error-text.ts'
import { useText } from '../shared/i18n/use-text.ts'
import { AppActionsContext } from '../shared/ui/app-actions.ts'
import { showToast } from '../shared/ui/toast-store.ts'
import { ExpiredLogin } from './ExpiredLogin.tsx'
import { useShortcuts } from './use-shortcuts.ts'

const SearchPalette = lazy(() => import('../features/search/SearchPalette.tsx'))
const SettingsDialog = lazy(() => import('../features/settings/SettingsDialog.tsx'))

type Layer = 'search' | 'settings' | null

/** What lies over every page of a signed-in person: search, settings, and the login when it has expired. */
export function SignedInFrame({ me, children }: { me: Me; children: ReactNode }) {
  const text = useText()
  const [layer, setLayer] = useState<Layer>(null)
  const close = useCallback(() => setLayer(null), [])
  const actions = useMemo(
    () => ({
      me,
      openSearch: () => setLayer('search'),
      openSettings: () => setLayer('settings'),
      signOut: () => {
        void signOut().catch((error: unknown) => showToast({ kind: 'bad', text: toErrorText(text, error) }))
      },
    }),
    [me, text],
  )
  useShortcuts(actions)
  return (
    <AppActionsContext value={actions}>
      {children}
      <Suspense fallback={null}>
        {layer === 'search' ? <SearchPalette onClose={close} /> : null}
        {layer === 'settings' ? <SettingsDialog onClose={close} /> : null}
      </Suspense>
      <ExpiredLogin me={me} />
    </AppActionsContext>
  )
}

/** The page is loaded anew, so that nothing of this person stays in memory for the next one. */
async function signOut(): Promise<void> {
  try {
    await logout()
  } catch (error) {
    // Already signed out elsewhere: what was wanted.
    if (!(error instanceof ApiError && error.status === 401)) throw error
  }
  window.location.assign('/login')
}
