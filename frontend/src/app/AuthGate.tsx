import type { Me } from '@llmchat/protocol/api/auth-schema'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy } from 'react'
import type { ReactNode } from 'react'
import { Route, Switch } from 'wouter'
import { authStateQuery, meQuery } from '../shared/api/auth.ts'
import { reportSignedIn } from '../shared/api/auth-expiry.ts'
import { FailedPage } from './FailedPage.tsx'
import { Waiting } from './Waiting.tsx'

const LoginPage = lazy(() => import('../features/auth/LoginPage.tsx'))
const SetUpPage = lazy(() => import('../features/auth/SetUpPage.tsx'))

/** Lets people in: the app for who is signed in, at any address the login page for who is not. */
export function AuthGate({ children }: { children: (me: Me) => ReactNode }) {
  const me = useQuery(meQuery)
  if (me.isPending) return <Waiting />
  if (me.isError) return <FailedPage error={me.error} onRetry={() => void me.refetch()} />
  return me.data ? children(me.data) : <Visitor />
}

function Visitor() {
  const queryClient = useQueryClient()
  const state = useQuery(authStateQuery)
  const enter = (me: Me) => {
    reportSignedIn()
    queryClient.setQueryData(meQuery.queryKey, me)
  }
  if (state.isPending) return <Waiting />
  if (state.isError) return <FailedPage error={state.error} onRetry={() => void state.refetch()} />
  if (state.data.needsSetUp) return <SetUpPage isClosed={false} onSignedIn={enter} />
  return (
    <Switch>
      <Route path="/set-up">
        <SetUpPage isClosed onSignedIn={enter} />
      </Route>
      <Route>
        <LoginPage onSignedIn={enter} />
      </Route>
    </Switch>
  )
}
