import { createStore } from 'zustand/vanilla'
import { parseSettings } from './parse-settings.ts'
import type { Settings } from './parse-settings.ts'

/** `public/early-theme.js` reads the same key before the first paint. */
export const settingsKey = 'llmchat.settings'

/** What this browser prefers. One per document, like the local storage behind it, and shared between tabs through it. */
export const settingsStore = createStore<Settings>(() => parseSettings(findStorage()?.getItem(settingsKey) ?? null))

/** Changes some settings and keeps them for the next visit. Without storage they last as long as the page. */
export function changeSettings(change: Partial<Settings>): void {
  settingsStore.setState(change)
  findStorage()?.setItem(settingsKey, JSON.stringify(settingsStore.getState()))
}

/** Follows changes made in other tabs. Returns the function that ends it. */
export function openSettingsSync(): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key === settingsKey) settingsStore.setState(parseSettings(event.newValue))
  }
  window.addEventListener('storage', onStorage)
  return () => window.removeEventListener('storage', onStorage)
}

/** Null where a browser forbids storage (the getter throws) and outside a browser. */
function findStorage(): Storage | null {
  try {
    return typeof window === 'undefined' ? null : window.localStorage
  } catch {
    return null
  }
}
