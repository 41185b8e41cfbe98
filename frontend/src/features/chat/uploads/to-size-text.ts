import { toLanguageTag } from '../../../shared/i18n/locale.ts'
import type { Locale } from '../../../shared/i18n/locale.ts'

const units = ['B', 'KB', 'MB', 'GB'] as const

/** `48 KB`, `1.5 MB`: steps of 1024, one decimal below ten. */
export function toSizeText(bytes: number, locale: Locale): string {
  let value = bytes
  let unit = 0
  // What rounds up to 1024 belongs to the next unit already.
  while (Math.round(value) >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  const digits = unit > 0 && value < 10 ? 1 : 0
  const number = new Intl.NumberFormat(toLanguageTag(locale), { maximumFractionDigits: digits }).format(value)
  return `${number} ${units[unit] ?? 'B'}`
}
