import type { Effect } from '../api/access-rules.ts'
import { useAdminText } from '../use-admin-text.ts'

interface EffectSelectProps {
  /** Whom or what it is about. */
  label: string
  value: Effect
  options: readonly Effect[]
  isDisabled: boolean
  onChange: (effect: Effect) => void
}

/** No rule, allow or deny. */
export function EffectSelect({ label, value, options, isDisabled, onChange }: EffectSelectProps) {
  const text = useAdminText()
  return (
    <select
      className="input admin-effect"
      aria-label={label}
      value={value}
      disabled={isDisabled}
      onChange={(event) => onChange(options.find((effect) => effect === event.target.value) ?? 'none')}
    >
      {options.map((effect) => (
        <option key={effect} value={effect}>
          {text(`admin.effect.${effect}`)}
        </option>
      ))}
    </select>
  )
}
