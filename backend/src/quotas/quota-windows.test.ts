import { expect, test } from 'vitest'
import { createQuotaWindows } from './quota-windows.ts'

function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

test.each([
  ['UTC', '2026-11-26T23:59:59.999Z', '2026-11-26', '2026-11-27T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
  ['UTC', '2026-12-31T12:00:00.000Z', '2026-12-31', '2027-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ['Asia/Shanghai', '2026-11-26T16:30:00.000Z', '2026-11-27', '2026-11-27T16:00:00.000Z', '2026-11-30T16:00:00.000Z'],
  // The clocks go back, and forward: days of 25 and of 23 hours.
  ['Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25', '2026-10-25T23:00:00.000Z', '2026-10-31T23:00:00.000Z'],
  ['Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29', '2026-03-29T22:00:00.000Z', '2026-03-31T22:00:00.000Z'],
  // This day begins at one o'clock.
  ['Africa/Cairo', '2026-04-23T12:00:00.000Z', '2026-04-23', '2026-04-23T22:00:00.000Z', '2026-04-30T21:00:00.000Z'],
])('%s at %s', (timeZone, now, day, dayEnd, monthEnd) => {
  const windows = createQuotaWindows(timeZone)
  const nowMs = Date.parse(now)
  expect(windows.toKeys(nowMs)).toEqual({ day, month: day.slice(0, 7) })
  expect(toIso(windows.findEndMs('day', nowMs))).toBe(dayEnd)
  expect(toIso(windows.findEndMs('month', nowMs))).toBe(monthEnd)
})

test('what runs now has no end', () => {
  expect(createQuotaWindows('UTC').findEndMs('now', 0)).toBeNull()
})
