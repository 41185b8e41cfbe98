import type { Me } from '@llmchat/protocol/api/auth-schema'
import { useText } from '../../shared/i18n/use-text.ts'
import { AuthFrame } from './AuthFrame.tsx'
import LoginForm from './LoginForm.tsx'

/** The page for visitors. */
export default function LoginPage({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
  const text = useText()
  return (
    <AuthFrame>
      <div className="auth-paper">
        <h1>{text('auth.login.title')}</h1>
        <LoginForm onSignedIn={onSignedIn} />
      </div>
    </AuthFrame>
  )
}
