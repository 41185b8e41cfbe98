import type { ThemeChoice } from '../settings/parse-settings.ts'

/** Without `data-theme` the tokens follow the system. */
export function applyTheme(choice: ThemeChoice): void {
  const root = document.documentElement
  if (choice === 'system') delete root.dataset.theme
  else root.dataset.theme = choice
}
