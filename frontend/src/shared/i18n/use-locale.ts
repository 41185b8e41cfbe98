import { useLingui } from '@lingui/react'
import type { Locale } from './locale.ts'

/** The active language. */
export function useLocale(): Locale {
  return useLingui().i18n.locale === 'zh' ? 'zh' : 'en'
}
