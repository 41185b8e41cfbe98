import type { LanguageChoice } from '../settings/parse-settings.ts'

export type Locale = 'zh' | 'en'

/** The chosen language, else the first of the browser's languages that we speak, else English. */
export function toLocale(choice: LanguageChoice, browserLanguages: readonly string[]): Locale {
  if (choice !== 'system') return choice
  for (const language of browserLanguages) {
    if (/^zh\b/i.test(language)) return 'zh'
    if (/^en\b/i.test(language)) return 'en'
  }
  return 'en'
}

/** BCP 47, for `<html lang>` and `Intl`. */
export function toLanguageTag(locale: Locale): 'zh-CN' | 'en' {
  return locale === 'zh' ? 'zh-CN' : 'en'
}
