import type { I18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import type { Me } from '@llmchat/protocol/api/auth-schema'
import { QueryClientProvider } from '@tanstack/react-query'
import type { QueryClient } from '@tanstack/react-query'
import { Suspense, lazy } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { AuthGate } from './app/AuthGate.tsx'
import { CrashBoundary } from './app/CrashBoundary.tsx'
import { LinkGate } from './app/LinkGate.tsx'
import { loadChatPage } from './app/load-chat-page.ts'
import { NotFoundPage } from './app/NotFoundPage.tsx'
import { SignedInFrame } from './app/SignedInFrame.tsx'
import { Waiting } from './app/Waiting.tsx'
import { Toaster } from './shared/ui/Toaster.tsx'

const ChatPage = lazy(loadChatPage)
const AdminPage = lazy(() => import('./features/admin/AdminPage.tsx'))

/** One pattern for both, so that a new chat that gets its id stays the same page. */
const chatRoute = /^\/(?:chat\/(?<id>[^/]+)\/?)?$/

const adminRoute = /^\/admin(?:\/.*)?$/

const linkRoute = /^\/(?:password-reset|invitation)\/?$/

/** Everything the page shows. */
export function App({ i18n, queryClient }: { i18n: I18n; queryClient: QueryClient }) {
  return (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <CrashBoundary>
          <Suspense fallback={<Waiting />}>
            <Switch>
              <Route path={linkRoute}>
                <LinkGate />
              </Route>
              <Route>
                <AuthGate>{renderSignedIn}</AuthGate>
              </Route>
            </Switch>
          </Suspense>
        </CrashBoundary>
        <Toaster />
      </QueryClientProvider>
    </I18nProvider>
  )
}

function renderSignedIn(me: Me) {
  return (
    <SignedInFrame me={me}>
      <Switch>
        <Route path={chatRoute}>
          <ChatPage />
        </Route>
        <Route path={adminRoute}>
          <AdminPage />
        </Route>
        <Route path="/login">
          <Redirect to="/" replace />
        </Route>
        <Route path="/set-up">
          <Redirect to="/" replace />
        </Route>
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </SignedInFrame>
  )
}
