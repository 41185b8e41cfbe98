import { expect, it } from 'vitest'
import { toDayText } from './to-day-text.ts'

it('names the year only when it is another one', () => {
  const now = new Date(2026, 10, 20)
  expect(toDayText(new Date(2026, 10, 2, 12).toISOString(), 'en', now)).toBe('Nov 2')
  expect(toDayText(new Date(2025, 10, 2, 12).toISOString(), 'en', now)).toBe('Nov 2, 2025')
  expect(toDayText(new Date(2026, 10, 2, 12).toISOString(), 'zh', now)).toBe('11月2日')
})
