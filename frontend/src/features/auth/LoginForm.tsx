import type { Me } from '@llmchat/protocol/api/auth-schema'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { authStateQuery, login } from '../../shared/api/auth.ts'
import { useText } from '../../shared/i18n/use-text.ts'
import { PasswordInput } from '../../shared/password/PasswordInput.tsx'
import './auth.css'
import { ErrorNote, ExpiredNote } from './AuthNote.tsx'
import { CompanySignIn } from './CompanySignIn.tsx'
import { EmailField } from './EmailField.tsx'
import { isEmail } from './is-email.ts'
import { SecondStepForm } from './SecondStepForm.tsx'

interface LoginFormProps {
  /** Why it is shown: `expired` over a page that keeps what was typed. */
  note?: 'expired'
  /** Known from the expired login. */
  email?: string
  onSignedIn: (me: Me) => void
}

/** The company's own sign-in where there is one; e-mail and password, then a code where one is asked for. Also laid over the page when a login has expired. */
export default function LoginForm({ note, email: knownEmail = '', onSignedIn }: LoginFormProps) {
  const text = useText()
  const passwordId = useId()
  const [email, setEmail] = useState(knownEmail)
  const [password, setPassword] = useState('')
  const [isPersistent, setIsPersistent] = useState(true)
  const [isChecked, setIsChecked] = useState(false)
  const [ticket, setTicket] = useState<string | null>(null)
  const mutation = useMutation({
    mutationFn: login,
    onSuccess: (answer) => {
      if ('ticket' in answer) setTicket(answer.ticket)
      else onSignedIn(answer)
    },
  })
  const state = useQuery(authStateQuery)
  const oidc = state.data?.oidc ?? null
  const [isPasswordAsked, setIsPasswordAsked] = useState(false)
  const isPasswordMissing = isChecked && password === ''
  if (ticket !== null) {
    return <SecondStepForm ticket={ticket} onSignedIn={onSignedIn} onBack={() => setTicket(null)} />
  }
  if (oidc !== null && state.data?.isPasswordForAll === false && !isPasswordAsked) {
    return (
      <div className="auth-form">
        {note === 'expired' ? <ExpiredNote /> : null}
        <CompanySignIn oidc={oidc} isPersistent={isPersistent} isFirst />
        <button type="button" className="btn quiet wide" onClick={() => setIsPasswordAsked(true)}>
          {text('auth.login.orPassword')}
        </button>
      </div>
    )
  }
  return (
    <form
      className="auth-form"
      noValidate
      aria-label={text('auth.login.title')}
      onSubmit={(event) => {
        event.preventDefault()
        setIsChecked(true)
        if (isEmail(email) && password !== '' && !mutation.isPending) mutation.mutate({ email, password, isPersistent })
      }}
    >
      <FormNote error={mutation.error} note={note} />
      <EmailField
        label={text('auth.email')}
        value={email}
        onChange={setEmail}
        isChecked={isChecked}
        isFirst={knownEmail === ''}
      />
      <div className="field">
        <span>
          <label htmlFor={passwordId}>{text('auth.password')}</label>
        </span>
        <PasswordInput
          id={passwordId}
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          describedBy={isPasswordMissing ? `${passwordId}-hint` : undefined}
          isInvalid={isPasswordMissing}
          isFirst={knownEmail !== ''}
        />
        {isPasswordMissing ? <small id={`${passwordId}-hint`}>{text('auth.password.required')}</small> : null}
      </div>
      <label className="auth-check">
        <input type="checkbox" checked={isPersistent} onChange={(event) => setIsPersistent(event.target.checked)} />
        {text('auth.login.persistent')}
      </label>
      <button type="submit" className="btn primary wide" aria-disabled={mutation.isPending}>
        {text(mutation.isPending ? 'auth.login.busy' : 'auth.login.submit')}
      </button>
      {oidc === null ? null : <CompanySignIn oidc={oidc} isPersistent={isPersistent} />}
    </form>
  )
}

function FormNote({ error, note }: { error: unknown; note: LoginFormProps['note'] | undefined }) {
  if (error !== null) return <ErrorNote error={error} />
  return note === 'expired' ? <ExpiredNote /> : null
}
