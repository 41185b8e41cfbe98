import type { IconName } from '../../shared/ui/icon-paths.ts'

/** One line of the palette. */
export interface PaletteItem {
  id: string
  group: 'messages' | 'chats' | 'commands'
  icon: IconName
  label: string
  /** What of the label was searched for. */
  ranges: readonly (readonly [number, number])[]
  /** At the end of the line: where it is, when it was. */
  detail: string
  run: () => void
}
