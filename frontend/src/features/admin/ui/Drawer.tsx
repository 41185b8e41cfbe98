import type { ReactNode } from 'react'
import { Dialog } from '../../../shared/ui/Dialog.tsx'
import './drawer.css'

interface DrawerProps {
  title: string
  onClose: () => void
  children: ReactNode
}

/** Details of one thing, over the list they belong to. */
export function Drawer({ title, onClose, children }: DrawerProps) {
  return (
    <Dialog isOpen onClose={onClose} title={title} className="admin-drawer">
      <div className="admin-drawer-in">{children}</div>
    </Dialog>
  )
}

interface DrawerSectionProps {
  title: string
  /** A button beside the heading. */
  action?: ReactNode
  children: ReactNode
}

export function DrawerSection({ title, action, children }: DrawerSectionProps) {
  return (
    <section className="admin-part" aria-label={title}>
      <header>
        <h3>{title}</h3>
        {action}
      </header>
      {children}
    </section>
  )
}

/** Names and values. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="admin-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
