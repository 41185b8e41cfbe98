import { useMemo } from 'react'
import { toLanguageTag } from '../../../shared/i18n/locale.ts'
import { useLocale } from '../../../shared/i18n/use-locale.ts'

export interface TimeFormat {
  /** `10:42` */
  toTime: (iso: string) => string
  /** A date in words, with the year only when it is not this one. */
  toDate: (iso: string) => string
  /** `1,234`, from ten thousand on `12.3k`. */
  toCount: (count: number) => string
}

/** Times and numbers as the reader's language writes them, on the reader's clock. */
export function useTimeFormat(): TimeFormat {
  const tag = toLanguageTag(useLocale())
  return useMemo(() => {
    const time = new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    const date = new Intl.DateTimeFormat(tag, { month: 'long', day: 'numeric', weekday: 'short' })
    const dateWithYear = new Intl.DateTimeFormat(tag, { year: 'numeric', month: 'long', day: 'numeric' })
    const count = new Intl.NumberFormat('en')
    return {
      toTime: (iso) => time.format(new Date(iso)),
      toDate(iso) {
        const day = new Date(iso)
        return (day.getFullYear() === new Date().getFullYear() ? date : dateWithYear).format(day)
      },
      toCount: (value) => (value < 10_000 ? count.format(value) : `${(value / 1000).toFixed(1)}k`),
    }
  }, [tag])
}
