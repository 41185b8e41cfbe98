import type { Me } from '@llmchat/protocol/api/auth-schema'
import { useState } from 'react'
import { useText } from '../../shared/i18n/use-text.ts'
import { AuthFrame } from './AuthFrame.tsx'
import { ErrorNote } from './AuthNote.tsx'
import { findSignInError } from './find-sign-in-error.ts'
import LoginForm from './LoginForm.tsx'

/** The page for visitors. */
export default function LoginPage({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
  const text = useText()
  const [error] = useState(() => findSignInError(window.location.search))
  return (
    <AuthFrame>
      <div className="auth-paper">
        <h1>{text('auth.login.title')}</h1>
        {error === null ? null : <ErrorNote error={error} />}
        <LoginForm onSignedIn={onSignedIn} />
      </div>
    </AuthFrame>
  )
}
