import { iconPaths } from './icon-paths.ts'
import type { IconName } from './icon-paths.ts'

/** A drawing beside a word or inside a named control; never the only sign of something, so hidden from screen readers. */
export function Icon({ name, isSmall = false }: { name: IconName; isSmall?: boolean }) {
  return (
    <svg className={isSmall ? 'i sm' : 'i'} viewBox="0 0 20 20" aria-hidden="true">
      <path d={iconPaths[name]} />
    </svg>
  )
}
