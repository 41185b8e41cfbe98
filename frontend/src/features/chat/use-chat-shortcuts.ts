import { useEffect, useEffectEvent } from 'react'
import { isComposing } from './composer/send-key.ts'

export interface ChatShortcuts {
  /** Ctrl/Cmd + B */
  toggleSidebar: () => void
  /** Ctrl/Cmd + Shift + O */
  newChat: () => void
  /** F2 */
  rename: () => void
  /** Esc, when nothing lies on top. True when there was something to end. */
  escape: () => boolean
  /** Alt + up / down */
  moveQuestion: (direction: -1 | 1) => void
}

/** The keys that work wherever the focus is. While an input method composes, every key is its own. */
export function useChatShortcuts(shortcuts: ChatShortcuts): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || isComposing(event)) return
    const act = findAct(event, shortcuts)
    if (act && act() !== false) event.preventDefault()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event)
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
}

function findAct(event: KeyboardEvent, shortcuts: ChatShortcuts): (() => unknown) | null {
  const { key, altKey, shiftKey } = event
  const isCommand = (event.ctrlKey || event.metaKey) && !altKey
  const isPlain = !event.ctrlKey && !event.metaKey && !shiftKey
  if (isLayerOpen()) return null
  if (isCommand && !shiftKey && key.toLowerCase() === 'b') return shortcuts.toggleSidebar
  if (isCommand && shiftKey && key.toLowerCase() === 'o') return shortcuts.newChat
  if (isPlain && altKey && key === 'ArrowUp') return () => shortcuts.moveQuestion(-1)
  if (isPlain && altKey && key === 'ArrowDown') return () => shortcuts.moveQuestion(1)
  if (isPlain && !altKey && key === 'F2') return shortcuts.rename
  return isPlain && !altKey && key === 'Escape' ? shortcuts.escape : null
}

/** A dialog or a menu takes the keys first; it closes itself by Esc. */
function isLayerOpen(): boolean {
  return document.querySelector('dialog[open], [popover="auto"]:popover-open') !== null
}
