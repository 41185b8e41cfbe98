import { expect, it } from 'vitest'
import { toDurationText } from './to-duration-text.ts'

it.each([
  [999, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [3_660_000, '1 h 1 min'],
  [86_400_000, '1 d 0 h'],
  [183_600_000, '2 d 3 h'],
])('%i ms is %s', (ms, text) => expect(toDurationText(ms)).toBe(text))
