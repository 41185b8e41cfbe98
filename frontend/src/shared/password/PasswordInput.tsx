import { useState } from 'react'
import { useText } from '../i18n/use-text.ts'
import { IconButton } from '../ui/IconButton.tsx'
import './password.css'

interface PasswordInputProps {
  id: string
  value: string
  onChange: (value: string) => void
  autoComplete: 'current-password' | 'new-password'
  describedBy?: string | undefined
  isInvalid: boolean
  /** Gets the focus when it appears. */
  isFirst?: boolean
}

/** A password that can be shown, for long ones and for phones. */
export function PasswordInput(props: PasswordInputProps) {
  const { id, value, onChange, autoComplete, describedBy, isInvalid, isFirst = false } = props
  const text = useText()
  const [isShown, setIsShown] = useState(false)
  return (
    <span className="password-input">
      <input
        id={id}
        className="input"
        type={isShown ? 'text' : 'password'}
        name="password"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoComplete={autoComplete}
        autoCapitalize="off"
        spellCheck={false}
        autoFocus={isFirst}
        data-autofocus={isFirst || undefined}
        aria-describedby={describedBy}
        aria-invalid={isInvalid}
      />
      <IconButton
        icon="eye"
        label={text('auth.password.show')}
        aria-pressed={isShown}
        onClick={() => setIsShown(!isShown)}
      />
    </span>
  )
}
