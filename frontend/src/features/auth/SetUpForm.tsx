import type { Me } from '@llmchat/protocol/api/auth-schema'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useLocation } from 'wouter'
import { ApiError } from '../../shared/api/api-error.ts'
import { authStateQuery, setUp } from '../../shared/api/auth.ts'
import { useText } from '../../shared/i18n/use-text.ts'
import { ErrorNote } from './AuthNote.tsx'
import { EmailField } from './EmailField.tsx'
import { isEmail } from './is-email.ts'
import { NewPasswordField } from '../../shared/password/NewPasswordField.tsx'
import { toPasswordLevel } from '../../shared/password/password-strength.ts'

/** The first administrator's account. */
export function SetUpForm({ token, onSignedIn }: { token: string; onSignedIn: (me: Me) => void }) {
  const text = useText()
  const nameId = useId()
  const queryClient = useQueryClient()
  const [, navigate] = useLocation()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [isChecked, setIsChecked] = useState(false)
  const mutation = useMutation({
    mutationFn: setUp,
    onSuccess: (me) => {
      // The token must not stay in the history.
      navigate('/', { replace: true })
      onSignedIn(me)
    },
  })
  const goToLogin = () => {
    queryClient.removeQueries({ queryKey: authStateQuery.queryKey })
    navigate('/login', { replace: true })
  }
  return (
    <form
      className="auth-form"
      noValidate
      aria-label={text('auth.setUp.title')}
      onSubmit={(event) => {
        event.preventDefault()
        setIsChecked(true)
        if (!isEmail(email) || toPasswordLevel(password) === 0 || mutation.isPending) return
        mutation.mutate({ token, email, password, ...(name.trim() === '' ? {} : { name: name.trim() }) })
      }}
    >
      {mutation.isError ? <ErrorNote error={mutation.error} /> : null}
      <label className="field" htmlFor={nameId}>
        <span>{text('auth.setUp.name')}</span>
        <input
          id={nameId}
          className="input"
          name="name"
          autoComplete="name"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <EmailField label={text('auth.setUp.email')} value={email} onChange={setEmail} isChecked={isChecked} />
      <NewPasswordField value={password} onChange={setPassword} isChecked={isChecked} />
      <button type="submit" className="btn primary wide" aria-disabled={mutation.isPending}>
        {text(mutation.isPending ? 'auth.setUp.busy' : 'auth.setUp.submit')}
      </button>
      {mutation.error instanceof ApiError && mutation.error.code === 'set_up_closed' ? (
        <button type="button" className="btn wide" onClick={goToLogin}>
          {text('auth.setUp.toLogin')}
        </button>
      ) : null}
    </form>
  )
}
