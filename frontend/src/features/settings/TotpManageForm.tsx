import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { disableTotp, renewRecoveryCodes } from '../../shared/api/identity.ts'
import { useSettingsText } from './use-settings-text.ts'
import { showToast } from '../../shared/ui/toast-store.ts'
import { PasswordProof } from './PasswordProof.tsx'
import { SettingsError } from './SettingsError.tsx'

interface TotpManageFormProps {
  onCodes: (codes: string[]) => void
  onDone: () => void
}

/** New recovery codes, or off: both with the password. */
export function TotpManageForm({ onCodes, onDone }: TotpManageFormProps) {
  const text = useSettingsText()
  const [password, setPassword] = useState('')
  const [isChecked, setIsChecked] = useState(false)
  const renew = useMutation({
    mutationFn: renewRecoveryCodes,
    onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes),
  })
  const disable = useMutation({
    mutationFn: disableTotp,
    onSuccess: () => {
      showToast({ kind: 'ok', text: text('settings.totp.disabled') })
      onDone()
    },
  })
  const error = disable.error ?? renew.error
  const isPending = renew.isPending || disable.isPending
  const start = (act: typeof renew | typeof disable) => {
    setIsChecked(true)
    if (password === '' || isPending) return
    renew.reset()
    disable.reset()
    act.mutate(password)
  }
  return (
    <form
      className="settings-form"
      noValidate
      aria-label={text('settings.totp.manage')}
      onSubmit={(event) => {
        event.preventDefault()
        start(renew)
      }}
    >
      <PasswordProof
        label={text('settings.password.current')}
        value={password}
        onChange={setPassword}
        isChecked={isChecked}
      />
      {error === null ? null : <SettingsError error={error} />}
      <div className="settings-buttons">
        <button type="button" className="btn quiet" onClick={onDone}>
          {text('common.cancel')}
        </button>
        <button type="submit" className="btn" aria-disabled={isPending}>
          {text('settings.totp.renew')}
        </button>
        <button type="button" className="btn danger" aria-disabled={isPending} onClick={() => start(disable)}>
          {text('settings.totp.disable')}
        </button>
      </div>
    </form>
  )
}
