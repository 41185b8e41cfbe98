import type { Me } from '@llmchat/protocol/api/auth-schema'
import { useQueryClient } from '@tanstack/react-query'
import { Suspense, lazy } from 'react'
import { useStore } from 'zustand'
import { meQuery } from '../shared/api/auth.ts'
import { authExpiry, reportSignedIn } from '../shared/api/auth-expiry.ts'
import { useText } from '../shared/i18n/use-text.ts'
import { Dialog } from '../shared/ui/Dialog.tsx'

const LoginForm = lazy(() => import('../features/auth/LoginForm.tsx'))

/** Laid over the page when the server refuses the login. The page below stays as it is, with all that was typed. */
export function ExpiredLogin({ me }: { me: Me }) {
  const text = useText()
  const queryClient = useQueryClient()
  const isExpired = useStore(authExpiry, (state) => state.isExpired)
  const enter = (next: Me) => {
    if (next.user.id !== me.user.id) {
      // Another person: nothing of the first one's may stay on the page.
      window.location.assign('/')
      return
    }
    queryClient.setQueryData(meQuery.queryKey, next)
    reportSignedIn()
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'auth' })
  }
  return (
    <Dialog
      isOpen={isExpired}
      onClose={() => undefined}
      isDismissable={false}
      title={text('auth.login.expiredTitle')}
      className="app-expired"
    >
      <Suspense fallback={null}>
        <LoginForm note="expired" email={me.user.email} onSignedIn={enter} />
      </Suspense>
    </Dialog>
  )
}
