import type { Me } from '@llmchat/protocol/api/auth-schema'
import { Link, useSearchParams } from 'wouter'
import { useText } from '../../shared/i18n/use-text.ts'
import { Icon } from '../../shared/ui/Icon.tsx'
import { AuthFrame } from './AuthFrame.tsx'
import { SetUpForm } from './SetUpForm.tsx'

interface SetUpPageProps {
  /** An administrator exists already. */
  isClosed: boolean
  onSignedIn: (me: Me) => void
}

/** Creates the first administrator, by the link the server printed at its first start. */
export default function SetUpPage({ isClosed, onSignedIn }: SetUpPageProps) {
  const [search] = useSearchParams()
  const token = search.get('token') ?? ''
  return (
    <AuthFrame>
      <div className="auth-paper">
        {isClosed ? <Closed /> : token === '' ? <LinkMissing /> : <FirstUse token={token} onSignedIn={onSignedIn} />}
      </div>
    </AuthFrame>
  )
}

function FirstUse({ token, onSignedIn }: { token: string; onSignedIn: (me: Me) => void }) {
  const text = useText()
  return (
    <>
      <div>
        <h1>{text('auth.setUp.title')}</h1>
        <p className="auth-lead">{text('auth.setUp.lead')}</p>
      </div>
      <SetUpForm token={token} onSignedIn={onSignedIn} />
    </>
  )
}

function LinkMissing() {
  const text = useText()
  return (
    <>
      <h1>{text('auth.setUp.noToken.title')}</h1>
      <p className="auth-note kept">
        <Icon name="key" />
        <span>{text('auth.setUp.noToken.text')}</span>
      </p>
    </>
  )
}

function Closed() {
  const text = useText()
  return (
    <>
      <h1>{text('auth.setUp.title')}</h1>
      <p className="auth-note kept">
        <Icon name="info" />
        <span>{text('auth.setUp.closed')}</span>
      </p>
      <Link href="/login" className="btn primary">
        {text('auth.setUp.toLogin')}
      </Link>
    </>
  )
}
