import type { TotpEnrolment } from '@llmchat/protocol/api/identity-schema'
import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useId, useState } from 'react'
import { beginTotp, confirmTotp } from '../../shared/api/identity.ts'
import { useSettingsText } from './use-settings-text.ts'
import { PasswordProof } from './PasswordProof.tsx'
import { SettingsError } from './SettingsError.tsx'

const QrCode = lazy(() => import('./QrCode.tsx'))

interface TotpEnrolmentFormProps {
  onCodes: (codes: string[]) => void
  onCancel: () => void
}

/** First the password, then the secret for the app and the first code of it. */
export function TotpEnrolmentForm({ onCodes, onCancel }: TotpEnrolmentFormProps) {
  const text = useSettingsText()
  const codeId = useId()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [isChecked, setIsChecked] = useState(false)
  const [enrolment, setEnrolment] = useState<TotpEnrolment | null>(null)
  const begin = useMutation({ mutationFn: beginTotp, onSuccess: setEnrolment })
  const confirm = useMutation({
    mutationFn: confirmTotp,
    onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes),
  })
  const error = enrolment === null ? begin.error : confirm.error
  const isPending = begin.isPending || confirm.isPending
  return (
    <form
      className="settings-form"
      noValidate
      aria-label={text('settings.totp.begin')}
      onSubmit={(event) => {
        event.preventDefault()
        setIsChecked(true)
        if (isPending) return
        if (enrolment === null) {
          if (password !== '') begin.mutate(password)
        } else if (code.trim() !== '') confirm.mutate(code.trim())
      }}
    >
      {enrolment === null ? (
        <PasswordProof
          label={text('settings.password.current')}
          value={password}
          onChange={setPassword}
          isChecked={isChecked}
        />
      ) : (
        <>
          <p className="settings-lead">{text('settings.totp.scan')}</p>
          <Suspense fallback={<div className="settings-qr" aria-busy="true" />}>
            <QrCode value={enrolment.uri} label={text('settings.totp.qr')} />
          </Suspense>
          <p className="settings-lead">
            {text('settings.totp.secret')} <code>{enrolment.secret.match(/.{1,4}/g)?.join(' ')}</code>
          </p>
          <div className="field">
            <span>
              <label htmlFor={codeId}>{text('auth.step.code')}</label>
            </span>
            <input
              id={codeId}
              className="input"
              name="code"
              autoComplete="one-time-code"
              inputMode="numeric"
              maxLength={16}
              value={code}
              onChange={(event) => setCode(event.target.value)}
              autoFocus
            />
          </div>
        </>
      )}
      {error === null ? null : <SettingsError error={error} />}
      <div className="settings-buttons">
        <button type="button" className="btn quiet" onClick={onCancel}>
          {text('common.cancel')}
        </button>
        <button type="submit" className="btn primary" aria-disabled={isPending}>
          {text(enrolment === null ? 'settings.totp.next' : 'settings.totp.confirm')}
        </button>
      </div>
    </form>
  )
}
