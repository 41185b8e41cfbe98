import { expect, it } from 'vitest'
import { toLocalField, toTimestamp } from './local-time.ts'

it('goes there and back to the minute', () => {
  const iso = new Date(2026, 4, 1, 8, 5).toISOString()
  expect(toLocalField(iso)).toBe('2026-05-01T08:05')
  expect(toTimestamp('2026-05-01T08:05')).toBe(iso)
})

it.each(['', 'soon', '2026-13-01T00:00'])('takes %j for nothing', (value) => {
  expect(toLocalField(value)).toBe('')
  expect(toTimestamp(value)).toBe('')
})
