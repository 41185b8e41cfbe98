import { useId } from 'react'
import { useSettingsText } from './use-settings-text.ts'
import { PasswordInput } from '../../shared/password/PasswordInput.tsx'

interface PasswordProofProps {
  label: string
  value: string
  onChange: (value: string) => void
  isChecked: boolean
}

/** The password a person has now, asked for again before something that matters. */
export function PasswordProof({ label, value, onChange, isChecked }: PasswordProofProps) {
  const text = useSettingsText()
  const id = useId()
  const isMissing = isChecked && value === ''
  return (
    <div className="field">
      <span>
        <label htmlFor={id}>{label}</label>
      </span>
      <PasswordInput
        id={id}
        value={value}
        onChange={onChange}
        autoComplete="current-password"
        describedBy={isMissing ? `${id}-hint` : undefined}
        isInvalid={isMissing}
        isFirst
      />
      {isMissing ? <small id={`${id}-hint`}>{text('auth.password.required')}</small> : null}
    </div>
  )
}
