import { toLanguageTag } from './locale.ts'
import type { Locale } from './locale.ts'

/** A day as people write it: without the year when it is the one of `now`. `iso` is a timestamp; local time. */
export function toDayText(iso: string, locale: Locale, now: Date): string {
  const date = new Date(iso)
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const)
  return new Intl.DateTimeFormat(toLanguageTag(locale), { month: 'short', day: 'numeric', ...year }).format(date)
}
