import { createContext, useContext, useId, useRef, useState } from 'react'
import type { ComponentPropsWithRef, KeyboardEvent, MouseEvent, ReactNode } from 'react'
import { Icon } from './Icon.tsx'
import type { IconName } from './icon-paths.ts'
import './menu.css'
import { placeBelow } from './place-below.ts'

type TriggerProps = Pick<
  ComponentPropsWithRef<'button'>,
  'ref' | 'type' | 'popoverTarget' | 'aria-haspopup' | 'aria-expanded' | 'aria-controls'
>

interface MenuProps {
  /** The accessible name of the list. */
  label: string
  /** Draws the button that opens it: `(props) => <button {...props}>…</button>`. */
  renderTrigger: (props: TriggerProps) => ReactNode
  /** `listbox` when one of the items is the current choice. */
  role?: 'menu' | 'listbox'
  className?: string
  /** `MenuItem`s and `<hr />`s; mounted only while it is open. */
  children: ReactNode
}

const MenuRoleContext = createContext<'menu' | 'listbox'>('menu')

/** A menu in a native popover: Esc and a press elsewhere close it and give the focus back to its button. */
export function Menu({ label, renderTrigger, role = 'menu', className = '', children }: MenuProps) {
  const id = useId()
  const triggerRef = useRef<HTMLButtonElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      {renderTrigger({
        ref: triggerRef,
        type: 'button',
        popoverTarget: id,
        'aria-haspopup': role,
        'aria-expanded': isOpen,
        'aria-controls': id,
      })}
      <div
        id={id}
        popover="auto"
        className={`menu ui-menu ${className}`}
        role={role}
        aria-label={label}
        onBeforeToggle={(event) => {
          if (event.newState === 'open') setIsOpen(true)
        }}
        onToggle={(event) => {
          // Not before: the browser gives the focus back only if the focused item still exists.
          if (event.newState !== 'open') {
            setIsOpen(false)
            return
          }
          if (triggerRef.current) placeBelow(event.currentTarget, triggerRef.current)
          const current = event.currentTarget.querySelector<HTMLElement>('[aria-selected="true"]')
          ;(current ?? listItems(event.currentTarget)[0])?.focus()
        }}
        onKeyDown={moveFocus}
      >
        <MenuRoleContext value={role}>{isOpen ? children : null}</MenuRoleContext>
      </div>
    </>
  )
}

interface MenuItemProps {
  icon?: IconName
  /** In a listbox: this is the current choice. */
  isSelected?: boolean
  isDisabled?: boolean
  onSelect: () => void
  children: ReactNode
}

/** One entry; choosing it closes the menu first, so that what it opens gets the focus. */
export function MenuItem({ icon, isSelected = false, isDisabled = false, onSelect, children }: MenuItemProps) {
  const role = useContext(MenuRoleContext)
  const choose = (event: MouseEvent<HTMLElement>) => {
    event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover()
    onSelect()
  }
  return (
    <button
      type="button"
      tabIndex={-1}
      {...(role === 'listbox' ? { role: 'option', 'aria-selected': isSelected } : { role: 'menuitem' })}
      disabled={isDisabled}
      onClick={choose}
    >
      {icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  )
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = listItems(event.currentTarget)
  const index = items.findIndex((item) => item === document.activeElement)
  const next = toNextIndex(event.key, index, items.length)
  if (event.key === 'Tab') event.currentTarget.hidePopover()
  if (next === null) return
  event.preventDefault()
  items[next]?.focus()
}

function toNextIndex(key: string, index: number, count: number): number | null {
  if (key === 'ArrowDown') return (index + 1) % count
  if (key === 'ArrowUp') return (index - 1 + count) % count
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : null
}

function listItems(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role="menuitem"]:not(:disabled), [role="option"]:not(:disabled)')]
}
