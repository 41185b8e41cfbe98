import type { ComponentPropsWithRef } from 'react'
import { Icon } from './Icon.tsx'
import type { IconName } from './icon-paths.ts'

type IconButtonProps = Omit<ComponentPropsWithRef<'button'>, 'aria-label' | 'children'> & {
  icon: IconName
  /** Its accessible name, and its tooltip. */
  label: string
  isSmall?: boolean
}

/** A square button with a drawing instead of a word. */
export function IconButton({ icon, label, isSmall = false, className = '', ...rest }: IconButtonProps) {
  return (
    <button type="button" title={label} {...rest} className={`icon-btn ${className}`} aria-label={label}>
      <Icon name={icon} isSmall={isSmall} />
    </button>
  )
}
