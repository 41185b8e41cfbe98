import type { Me } from '@llmchat/protocol/api/auth-schema'
import type { Link } from '@llmchat/protocol/api/identity-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../../shared/api/api-error.ts'
import { findLink } from '../../shared/api/auth.ts'
import { useText } from '../../shared/i18n/use-text.ts'
import { Icon } from '../../shared/ui/Icon.tsx'
import { AuthFrame } from './AuthFrame.tsx'
import { ErrorNote } from './AuthNote.tsx'
import { LinkForm } from './LinkForm.tsx'

interface LinkPageProps {
  /** An invitation was accepted. */
  onSignedIn: (me: Me) => void
  /** A new password was set: on to the sign-in. */
  onReset: () => void
}

/** Where a one-time link leads: a new password, or an account. The token is behind the `#`, which is sent to nobody. */
export default function LinkPage({ onSignedIn, onReset }: LinkPageProps) {
  const text = useText()
  const [token] = useState(() => window.location.hash.slice(1))
  const link = useQuery({ queryKey: ['auth', 'link', token], queryFn: () => findLink(token), retry: false })
  const isInvalid = link.error instanceof ApiError && link.error.code === 'link_invalid'
  return (
    <AuthFrame>
      <div className="auth-paper" aria-busy={link.isPending}>
        {link.data ? <LinkTitle link={link.data} /> : <h1>{text('auth.link.title')}</h1>}
        {isInvalid ? (
          <p className="auth-note kept" role="alert">
            <Icon name="info" />
            <span>{text('auth.link.invalid')}</span>
          </p>
        ) : link.isError ? (
          <>
            <ErrorNote error={link.error} />
            <button type="button" className="btn" onClick={() => void link.refetch()}>
              {text('common.retry')}
            </button>
          </>
        ) : null}
        {link.data ? <LinkForm token={token} link={link.data} onSignedIn={onSignedIn} onReset={onReset} /> : null}
      </div>
    </AuthFrame>
  )
}

function LinkTitle({ link }: { link: Link }) {
  const text = useText()
  const isReset = link.kind === 'password-reset'
  return (
    <div>
      <h1>{text(isReset ? 'auth.link.reset.title' : 'auth.link.invitation.title')}</h1>
      <p className="auth-lead">
        {text(isReset ? 'auth.link.reset.lead' : 'auth.link.invitation.lead', { email: link.email })}
      </p>
    </div>
  )
}
