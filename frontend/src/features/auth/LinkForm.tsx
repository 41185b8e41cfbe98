import type { Me } from '@llmchat/protocol/api/auth-schema'
import type { Link } from '@llmchat/protocol/api/identity-schema'
import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { acceptInvitation, resetPassword } from '../../shared/api/auth.ts'
import { useText } from '../../shared/i18n/use-text.ts'
import { NewPasswordField } from '../../shared/password/NewPasswordField.tsx'
import { toPasswordLevel } from '../../shared/password/password-strength.ts'
import { ErrorNote } from './AuthNote.tsx'

interface LinkFormProps {
  token: string
  link: Link
  onSignedIn: (me: Me) => void
  onReset: () => void
}

/** The password, and for a new account the name. */
export function LinkForm({ token, link, onSignedIn, onReset }: LinkFormProps) {
  const text = useText()
  const nameId = useId()
  const isReset = link.kind === 'password-reset'
  const [name, setName] = useState(link.name)
  const [password, setPassword] = useState('')
  const [isChecked, setIsChecked] = useState(false)
  const mutation = useMutation({
    mutationFn: async (): Promise<Me | null> => {
      if (!isReset) return acceptInvitation({ token, password, ...(name.trim() === '' ? {} : { name: name.trim() }) })
      await resetPassword({ token, password })
      return null
    },
    onSuccess: (me) => {
      if (me === null) onReset()
      else onSignedIn(me)
    },
  })
  return (
    <form
      className="auth-form"
      noValidate
      aria-label={text('auth.link.title')}
      onSubmit={(event) => {
        event.preventDefault()
        setIsChecked(true)
        if (toPasswordLevel(password) > 0 && !mutation.isPending) mutation.mutate()
      }}
    >
      {mutation.isError ? <ErrorNote error={mutation.error} /> : null}
      {/* For password managers: whose password this is. */}
      <input
        className="sr"
        type="email"
        autoComplete="username"
        value={link.email}
        readOnly
        tabIndex={-1}
        aria-hidden
      />
      {isReset ? null : (
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
      )}
      <NewPasswordField value={password} onChange={setPassword} isChecked={isChecked} />
      <button type="submit" className="btn primary wide" aria-disabled={mutation.isPending}>
        {text(isReset ? 'auth.link.reset.submit' : 'auth.link.invitation.submit')}
      </button>
    </form>
  )
}
