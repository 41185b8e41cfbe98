import { changeSettings, settingsStore } from '../settings/settings-store.ts'

/** Light becomes dark and the other way round, seen from what is painted now. */
export function toggleTheme(): void {
  const { theme } = settingsStore.getState()
  const isDark = theme === 'system' ? window.matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark'
  changeSettings({ theme: isDark ? 'light' : 'dark' })
}
