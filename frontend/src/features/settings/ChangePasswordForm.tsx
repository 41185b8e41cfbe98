import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changePassword, loginSessionsQuery } from '../../shared/api/identity.ts'
import { useSettingsText } from './use-settings-text.ts'
import { NewPasswordField } from '../../shared/password/NewPasswordField.tsx'
import { toPasswordLevel } from '../../shared/password/password-strength.ts'
import { showToast } from '../../shared/ui/toast-store.ts'
import { PasswordProof } from './PasswordProof.tsx'
import { SettingsError } from './SettingsError.tsx'

/** Folded until it is asked for. Every other login ends; this one goes on. */
export function ChangePasswordForm() {
  const text = useSettingsText()
  const queryClient = useQueryClient()
  const [isOpen, setIsOpen] = useState(false)
  const [currentPassword, setCurrentPassword] = useState('')
  const [newPassword, setNewPassword] = useState('')
  const [isChecked, setIsChecked] = useState(false)
  const close = () => {
    setIsOpen(false)
    setIsChecked(false)
    setCurrentPassword('')
    setNewPassword('')
    mutation.reset()
  }
  const mutation = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      showToast({ kind: 'ok', text: text('settings.password.changed') })
      close()
      return queryClient.invalidateQueries({ queryKey: loginSessionsQuery.queryKey })
    },
  })
  if (!isOpen) {
    return (
      <div className="settings-row">
        <span>
          {text('auth.password')}
          <small>{text('settings.password.hint')}</small>
        </span>
        <button type="button" className="btn" onClick={() => setIsOpen(true)}>
          {text('settings.password.change')}
        </button>
      </div>
    )
  }
  return (
    <form
      className="settings-form"
      noValidate
      aria-label={text('settings.password.change')}
      onSubmit={(event) => {
        event.preventDefault()
        setIsChecked(true)
        const isReady = currentPassword !== '' && toPasswordLevel(newPassword) > 0
        if (isReady && !mutation.isPending) mutation.mutate({ currentPassword, newPassword })
      }}
    >
      <PasswordProof
        label={text('settings.password.current')}
        value={currentPassword}
        onChange={setCurrentPassword}
        isChecked={isChecked}
      />
      <NewPasswordField
        label={text('settings.password.new')}
        value={newPassword}
        onChange={setNewPassword}
        isChecked={isChecked}
      />
      {mutation.isError ? <SettingsError error={mutation.error} /> : null}
      <div className="settings-buttons">
        <button type="button" className="btn quiet" onClick={close}>
          {text('common.cancel')}
        </button>
        <button type="submit" className="btn primary" aria-disabled={mutation.isPending}>
          {text('settings.password.change')}
        </button>
      </div>
    </form>
  )
}
