import { useEffect } from 'react'
import { isComposing } from '../shared/ui/is-composing.ts'
import type { AppActions } from '../shared/ui/app-actions.ts'

/** Ctrl/Cmd + K opens the palette and Ctrl/Cmd + comma the settings, wherever the focus is. */
export function useShortcuts({ openSearch, openSettings }: Pick<AppActions, 'openSearch' | 'openSettings'>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || isComposing(event)) return
      if (event.key !== ',' && event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      if (event.key === ',') openSettings()
      else openSearch()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [openSearch, openSettings])
}
