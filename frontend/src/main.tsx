import { setupI18n } from '@lingui/core'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './shared/styles/base.css'
import { App } from './App.tsx'
import { loadChatPage } from './app/load-chat-page.ts'
import { openStaleChunkReload } from './app/stale-chunk-reload.ts'
import { createQueryClient } from './shared/api/create-query-client.ts'
import { meQuery } from './shared/api/auth.ts'
import { activateLocale } from './shared/i18n/activate-locale.ts'
import { toLocale } from './shared/i18n/locale.ts'
import { openSettingsSync, settingsStore } from './shared/settings/settings-store.ts'
import { applyTheme } from './shared/theme/apply-theme.ts'

const root = document.getElementById('root')
if (root) await start(root)

/** Ends when the page is painted; what it opens lives as long as the document. */
async function start(container: HTMLElement): Promise<void> {
  openStaleChunkReload()
  openSettingsSync()
  const i18n = setupI18n()
  const queryClient = createQueryClient()
  const followLanguage = () => activateLocale(i18n, toLocale(settingsStore.getState().language, navigator.languages))
  settingsStore.subscribe((settings, before) => {
    applyTheme(settings.theme)
    // A catalogue that cannot be loaded leaves the language as it is.
    if (settings.language !== before.language) followLanguage().catch(() => undefined)
  })
  // These three do not need each other, so none waits for another.
  const catalogue = followLanguage()
  // What fails here fails again where it is shown.
  queryClient.query(meQuery).catch(() => undefined)
  loadChatPage().catch(() => undefined)
  await catalogue
  createRoot(container).render(
    <StrictMode>
      <App i18n={i18n} queryClient={queryClient} />
    </StrictMode>,
  )
}
