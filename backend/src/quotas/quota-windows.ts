import type { QuotaPeriod } from '@llmchat/protocol/api/quota-schema'

/** The day and the month that a moment belongs to. */
export interface WindowKeys {
  /** `2026-11-26` */
  day: string
  /** `2026-11` */
  month: string
}

export interface QuotaWindows {
  toKeys(nowMs: number): WindowKeys
  /** When the window of `nowMs` ends, ms since the epoch; null for `now`, which has no end. */
  findEndMs(period: QuotaPeriod, nowMs: number): number | null
}

const hourMs = 3_600_000
/** Longer than any window is, with whatever a change of the clocks adds. */
const longestMs = { day: 26 * hourMs, month: 32 * 24 * hourMs }

/**
 * Calendar windows of one time zone (an IANA name). By this instance's clock: it is told in tests, and where two instances
 * differ by a second, one second's messages count for the neighbouring day.
 */
export function createQuotaWindows(timeZone: string): QuotaWindows {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })

  function toKeys(nowMs: number): WindowKeys {
    const day = format.format(nowMs)
    return { day, month: day.slice(0, 7) }
  }

  return {
    toKeys,
    findEndMs(period, nowMs) {
      if (period === 'now') return null
      const key = toKeys(nowMs)[period]
      // The first moment of another key. Asked of the calendar itself: not every day has 24 hours, nor every one a midnight.
      let inside = nowMs
      let outside = nowMs + longestMs[period]
      while (outside - inside > 1) {
        const middle = Math.floor((inside + outside) / 2)
        if (toKeys(middle)[period] === key) inside = middle
        else outside = middle
      }
      return outside
    },
  }
}
