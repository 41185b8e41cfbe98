import type { ReactNode } from 'react'
import { Icon } from './Icon.tsx'
import type { IconName } from './icon-paths.ts'
import './say.css'

interface SayProps {
  icon: IconName
  kind?: 'plain' | 'warn' | 'bad'
  title: string
  /** 1 where it is the whole page. */
  headingLevel?: 1 | 2 | 3
  /** What happened, what became of your text; then the buttons in a `.do`. */
  children: ReactNode
}

/** A state in place of content: empty, not found, failed. */
export function Say({ icon, kind = 'plain', title, headingLevel = 3, children }: SayProps) {
  const Heading = `h${headingLevel}` as const
  return (
    <div className={`say ${kind}`}>
      <Icon name={icon} />
      <Heading>{title}</Heading>
      {children}
    </div>
  )
}
