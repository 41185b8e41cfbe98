interface SwitchFieldProps {
  label: string
  hint: string
  isOn: boolean
  onChange: (isOn: boolean) => void
}

/** Yes or no, with a line that says what it means. */
export function SwitchField({ label, hint, isOn, onChange }: SwitchFieldProps) {
  return (
    <label className="admin-check">
      <input
        type="checkbox"
        role="switch"
        className="switch"
        checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        {label}
        <small>{hint}</small>
      </span>
    </label>
  )
}
