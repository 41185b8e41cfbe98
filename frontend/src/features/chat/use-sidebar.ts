import { useCallback, useState } from 'react'

const phoneQuery = '(width < 768px)'

export interface SidebarState {
  isOpen: boolean
  toggle: () => void
  /** On a phone the drawer lies over the chat and goes when a chat was chosen; elsewhere nothing happens. */
  closeDrawer: () => void
  isDrawerOpen: () => boolean
}

/** Open beside the chat, closed above it on a phone. */
export function useSidebar(): SidebarState {
  const [isOpen, setIsOpen] = useState(() => !isPhone())
  const toggle = useCallback(() => setIsOpen((isNow) => !isNow), [])
  const closeDrawer = useCallback(() => {
    if (isPhone()) setIsOpen(false)
  }, [])
  const isDrawerOpen = useCallback(() => isOpen && isPhone(), [isOpen])
  return { isOpen, toggle, closeDrawer, isDrawerOpen }
}

function isPhone(): boolean {
  return window.matchMedia(phoneQuery).matches
}
