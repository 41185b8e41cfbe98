import { useStore } from 'zustand'
import type { Settings } from './parse-settings.ts'
import { settingsStore } from './settings-store.ts'

/** The part of the settings that `select` picks; renders again when that part changes. */
export function useSettings<T>(select: (settings: Settings) => T): T {
  return useStore(settingsStore, select)
}
