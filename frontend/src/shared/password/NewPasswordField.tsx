import { useId } from 'react'
import type { Text } from '../i18n/text-key.ts'
import { useText } from '../i18n/use-text.ts'
import { minPasswordLength, toPasswordLevel } from './password-strength.ts'
import type { PasswordLevel } from './password-strength.ts'
import { PasswordInput } from './PasswordInput.tsx'

interface NewPasswordFieldProps {
  value: string
  onChange: (value: string) => void
  isChecked: boolean
  /** Default: that it is a password. */
  label?: string
}

/** A new password with its rule and its strength in bars and in words. */
export function NewPasswordField({ value, onChange, isChecked, label }: NewPasswordFieldProps) {
  const text = useText()
  const id = useId()
  const level = toPasswordLevel(value)
  return (
    <div className="field">
      <span>
        <label htmlFor={id}>{label ?? text('auth.password')}</label>
      </span>
      <PasswordInput
        id={id}
        value={value}
        onChange={onChange}
        autoComplete="new-password"
        describedBy={`${id}-hint`}
        isInvalid={isChecked && level === 0}
      />
      <span className="password-meter" data-level={level} aria-hidden="true">
        {[1, 2, 3, 4].map((bar) => (
          <i key={bar} className={bar <= level ? 'is-on' : ''} />
        ))}
      </span>
      <small id={`${id}-hint`}>{toHint(text, value, level, isChecked)}</small>
    </div>
  )
}

function toHint(text: Text, value: string, level: PasswordLevel, isChecked: boolean): string {
  if (level === 0 && (value !== '' || isChecked)) {
    return text('auth.password.short', { missing: minPasswordLength - Array.from(value).length })
  }
  if (level === 0) return text('auth.password.hint')
  const names = ['auth.password.weak', 'auth.password.fair', 'auth.password.good', 'auth.password.strong'] as const
  return text('auth.password.strength', { strength: text(names[level - 1] ?? 'auth.password.weak') })
}
