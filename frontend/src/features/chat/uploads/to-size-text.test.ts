import { expect, it } from 'vitest'
import { toSizeText } from './to-size-text.ts'

it.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1 KB'],
  [1536, '1.5 KB'],
  [10_240, '10 KB'],
  [1_048_575, '1 MB'],
  [20 * 1024 * 1024, '20 MB'],
  [5 * 1024 ** 4, '5,120 GB'],
])('%i is %s', (bytes, words) => {
  expect(toSizeText(bytes, 'en')).toBe(words)
})
