import { useId } from 'react'
import './form.css'

interface FieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  /** Below the field, always. */
  hint?: string | undefined
  /** Below it instead of the hint, when what is written cannot be. */
  error?: string | undefined
  type?: 'text' | 'email' | 'url' | 'password' | 'number' | 'datetime-local'
  /** More than one: a field of many lines. */
  lines?: number
  isCode?: boolean
  maxLength?: number
  /** Takes the focus when its dialog opens. */
  isFirst?: boolean
  isDisabled?: boolean
}

/** A named field of a form, with its hint or what is wrong with it. */
export function Field({ label, value, onChange, hint, error, type = 'text', lines = 1, ...rest }: FieldProps) {
  const id = useId()
  const note = error ?? hint
  const shared = {
    id,
    value,
    maxLength: rest.maxLength,
    disabled: rest.isDisabled,
    autoComplete: type === 'password' ? 'new-password' : 'off',
    spellCheck: false,
    'aria-invalid': error === undefined ? undefined : true,
    'aria-describedby': note === undefined ? undefined : `${id}-note`,
    ...(rest.isFirst ? { 'data-autofocus': true } : {}),
  }
  const className = rest.isCode ? 'input code' : 'input'
  return (
    <div className="field">
      <span>
        <label htmlFor={id}>{label}</label>
      </span>
      {lines > 1 ? (
        <textarea {...shared} className={className} rows={lines} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input {...shared} className={className} type={type} onChange={(event) => onChange(event.target.value)} />
      )}
      {note === undefined ? null : <small id={`${id}-note`}>{note}</small>}
    </div>
  )
}
