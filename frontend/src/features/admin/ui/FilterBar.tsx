import { useEffect, useEffectEvent, useId, useState } from 'react'
import type { ReactNode } from 'react'
import { useAdminText } from '../use-admin-text.ts'
import './filter-bar.css'

interface FilterBarProps {
  /** Null: nothing is filtered. */
  onClear: (() => void) | null
  children: ReactNode
}

/** The controls that narrow a list, above it. Changes count at once. */
export function FilterBar({ onClear, children }: FilterBarProps) {
  const text = useAdminText()
  return (
    <form
      className="admin-filters"
      role="search"
      aria-label={text('admin.filter')}
      onSubmit={(event) => event.preventDefault()}
    >
      {children}
      {onClear ? (
        <button type="button" className="btn quiet" onClick={onClear}>
          {text('admin.filter.clear')}
        </button>
      ) : null}
    </form>
  )
}

interface SelectFilterProps {
  label: string
  /** Empty: all. */
  value: string
  options: readonly { value: string; label: string }[]
  onChange: (value: string) => void
}

export function SelectFilter({ label, value, options, onChange }: SelectFilterProps) {
  const text = useAdminText()
  return (
    <label className="admin-filter">
      <span>{label}</span>
      <select className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{text('admin.filter.all')}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  )
}

interface TextFilterProps {
  label: string
  value: string
  onChange: (value: string) => void
  type?: 'search' | 'datetime-local'
}

const pauseMs = 250

/** Counts after a pause in typing, so that a word is one request and not ten. */
export function TextFilter({ label, value, onChange, type = 'search' }: TextFilterProps) {
  const id = useId()
  const [typed, setTyped] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    // Changed from elsewhere: cleared, or the browser went back.
    setKnown(value)
    setTyped(value)
  }
  const commit = useEffectEvent(() => {
    setKnown(typed)
    onChange(typed)
  })
  useEffect(() => {
    if (typed === known) return
    const timer = setTimeout(() => commit(), pauseMs)
    return () => clearTimeout(timer)
  }, [typed, known])
  return (
    <div className="admin-filter">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        type={type}
        value={typed}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  )
}
