import type { AuthState } from '@llmchat/protocol/api/auth-schema'
import { useText } from '../../shared/i18n/use-text.ts'

interface CompanySignInProps {
  oidc: NonNullable<AuthState['oidc']>
  isPersistent: boolean
  /** It is the way in, and not one beside the password. */
  isFirst?: boolean
}

/** Leads to the company's own sign-in, and back to this very page. A link: it works before the page's program does. */
export function CompanySignIn({ oidc, isPersistent, isFirst = false }: CompanySignInProps) {
  const text = useText()
  const { pathname, search } = window.location
  const returnTo = pathname.startsWith('/login') ? '/' : `${pathname}${search}`
  const query = new URLSearchParams({ returnTo, isPersistent: String(isPersistent) })
  return (
    <a className={isFirst ? 'btn primary wide' : 'btn wide'} href={`/api/auth/oidc/start?${query.toString()}`}>
      {oidc.label ?? text('auth.login.company')}
    </a>
  )
}
