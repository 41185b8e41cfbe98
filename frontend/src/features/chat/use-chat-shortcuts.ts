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
  if (isLayerOpen()) return null
  const acts: Partial<Record<string, () => unknown>> = {
    'mod+b': shortcuts.toggleSidebar,
    'mod+shift+o': shortcuts.newChat,
    'alt+arrowup': () => shortcuts.moveQuestion(-1),
    'alt+arrowdown': () => shortcuts.moveQuestion(1),
    f2: shortcuts.rename,
    escape: shortcuts.escape,
  }
  return acts[toKeyName(event)] ?? null
}

/** `mod` is Ctrl or Cmd. */
function toKeyName({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string {
  const held = [ctrlKey || metaKey ? 'mod' : '', altKey ? 'alt' : '', shiftKey ? 'shift' : '', key.toLowerCase()]
  return held.filter((name) => name !== '').join('+')
}

/** A dialog or a menu takes the keys first; it closes itself by Esc. */
function isLayerOpen(): boolean {
  return document.querySelector('dialog[open], [popover="auto"]:popover-open') !== null
}
