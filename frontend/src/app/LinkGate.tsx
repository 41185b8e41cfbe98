import type { Me } from '@llmchat/protocol/api/auth-schema'
import { useQueryClient } from '@tanstack/react-query'
import { lazy } from 'react'
import { useLocation } from 'wouter'
import { meQuery } from '../shared/api/auth.ts'
import { reportSignedIn } from '../shared/api/auth-expiry.ts'

const LinkPage = lazy(() => import('../features/auth/LinkPage.tsx'))

/** One-time links: whoever is signed in here, they are for the person they name. */
export function LinkGate() {
  const queryClient = useQueryClient()
  const [, navigate] = useLocation()
  const enter = (me: Me) => {
    // Nothing of whoever was signed in before may stay, and the token must not stay in the history.
    queryClient.clear()
    queryClient.setQueryData(meQuery.queryKey, me)
    reportSignedIn()
    navigate('/', { replace: true })
  }
  const goToLogin = () => {
    queryClient.clear()
    navigate('/login', { replace: true })
  }
  return <LinkPage onSignedIn={enter} onReset={goToLogin} />
}
