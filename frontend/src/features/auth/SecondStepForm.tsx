import type { Me } from '@llmchat/protocol/api/auth-schema'
import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { ApiError } from '../../shared/api/api-error.ts'
import { passSecondStep } from '../../shared/api/auth.ts'
import { useText } from '../../shared/i18n/use-text.ts'
import { ErrorNote } from './AuthNote.tsx'

interface SecondStepFormProps {
  ticket: string
  onSignedIn: (me: Me) => void
  /** Back to the password. */
  onBack: () => void
}

/** The code after the password: of the authenticator app, or one of the recovery codes. */
export function SecondStepForm({ ticket, onSignedIn, onBack }: SecondStepFormProps) {
  const text = useText()
  const codeId = useId()
  const [code, setCode] = useState('')
  const [isRecovery, setIsRecovery] = useState(false)
  const mutation = useMutation({ mutationFn: passSecondStep, onSuccess: onSignedIn })
  const isOver = mutation.error instanceof ApiError && mutation.error.code === 'second_step_expired'
  return (
    <form
      className="auth-form"
      noValidate
      aria-label={text('auth.step.title')}
      onSubmit={(event) => {
        event.preventDefault()
        if (code.trim() !== '' && !mutation.isPending) mutation.mutate({ ticket, code: code.trim() })
      }}
    >
      {mutation.isError ? <ErrorNote error={mutation.error} /> : null}
      <div className="field">
        <span>
          <label htmlFor={codeId}>{text(isRecovery ? 'auth.step.recovery' : 'auth.step.code')}</label>
        </span>
        <input
          key={String(isRecovery)}
          id={codeId}
          className="input"
          name="code"
          autoComplete={isRecovery ? 'off' : 'one-time-code'}
          inputMode={isRecovery ? 'text' : 'numeric'}
          autoCapitalize="off"
          spellCheck={false}
          maxLength={64}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          autoFocus
          data-autofocus
          aria-describedby={`${codeId}-hint`}
        />
        <small id={`${codeId}-hint`}>{text(isRecovery ? 'auth.step.recovery.hint' : 'auth.step.code.hint')}</small>
      </div>
      {isOver ? (
        <button type="button" className="btn primary wide" onClick={onBack}>
          {text('auth.step.again')}
        </button>
      ) : (
        <button type="submit" className="btn primary wide" aria-disabled={mutation.isPending}>
          {text(mutation.isPending ? 'auth.login.busy' : 'auth.step.submit')}
        </button>
      )}
      <button
        type="button"
        className="btn quiet wide"
        onClick={() => {
          setIsRecovery(!isRecovery)
          setCode('')
        }}
      >
        {text(isRecovery ? 'auth.step.useApp' : 'auth.step.useRecovery')}
      </button>
    </form>
  )
}
