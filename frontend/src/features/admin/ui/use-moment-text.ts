import { useMemo } from 'react'
import { toLanguageTag } from '../../../shared/i18n/locale.ts'
import { useLocale } from '../../../shared/i18n/use-locale.ts'

/** A point in time for use inside a sentence: day and minute, in the reader's own zone. */
export function useMomentText(): (iso: string) => string {
  const locale = useLocale()
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(toLanguageTag(locale), { dateStyle: 'medium', timeStyle: 'short' })
    return (iso) => format.format(new Date(iso))
  }, [locale])
}
