import { useId } from 'react'
import { useText } from '../../shared/i18n/use-text.ts'
import { isEmail } from './is-email.ts'

interface EmailFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  /** Whether a wrong value is complained about: not before it was sent. */
  isChecked: boolean
  /** Gets the focus when it appears. */
  isFirst?: boolean
}

/** An e-mail address with its own complaint, in the page's language rather than the browser's. */
export function EmailField({ label, value, onChange, isChecked, isFirst = false }: EmailFieldProps) {
  const text = useText()
  const id = useId()
  const isInvalid = isChecked && !isEmail(value)
  return (
    <div className="field">
      <span>
        <label htmlFor={id}>{label}</label>
      </span>
      <input
        id={id}
        className="input"
        type="email"
        name="email"
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
        placeholder={text('auth.email.placeholder')}
        value={value}
        onChange={(event) => onChange(event.target.value.trim())}
        autoFocus={isFirst}
        aria-invalid={isInvalid}
        aria-describedby={isInvalid ? `${id}-hint` : undefined}
      />
      {isInvalid ? <small id={`${id}-hint`}>{text('auth.email.invalid')}</small> : null}
    </div>
  )
}
