import type { I18n } from '@lingui/core'
import { compileCatalogue } from './compile-message.ts'
import type { Locale } from './locale.ts'
import { toLanguageTag } from './locale.ts'
import type { TextKey } from './text-key.ts'

/** Loads the catalogue of `locale` and makes it the active one. Fails when its chunk cannot be loaded. */
export async function activateLocale(i18n: I18n, locale: Locale): Promise<void> {
  const messages = compileCatalogue(await loadCatalogue(locale))
  // Not both in one call: that would throw away what a part of the app has loaded for this language itself.
  i18n.load(locale, messages)
  i18n.activate(locale, [toLanguageTag(locale)])
  document.documentElement.lang = toLanguageTag(locale)
}

/** One chunk per language, so that the first load holds only the one that is read. */
async function loadCatalogue(locale: Locale): Promise<Record<TextKey, string>> {
  if (locale === 'zh') return (await import('./catalogue/zh-catalogue.ts')).zhCatalogue
  return (await import('./catalogue/en-catalogue.ts')).enCatalogue
}
