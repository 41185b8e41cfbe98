import { useId } from 'react'

interface SelectFieldProps<Value extends string> {
  label: string
  value: Value | ''
  options: readonly { value: Value; label: string }[]
  /** Stands for "nothing chosen yet". */
  placeholder?: string
  error?: string | undefined
  onChange: (value: Value) => void
}

/** A named choice of a form. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { label, value, options, placeholder, error, onChange } = props
  const id = useId()
  return (
    <div className="field">
      <span>
        <label htmlFor={id}>{label}</label>
      </span>
      <select
        id={id}
        className="input"
        value={value}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={error === undefined ? undefined : `${id}-note`}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value)
          if (chosen) onChange(chosen.value)
        }}
      >
        {placeholder === undefined ? null : <option value="">{placeholder}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {error === undefined ? null : <small id={`${id}-note`}>{error}</small>}
    </div>
  )
}
