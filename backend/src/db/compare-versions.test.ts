import { expect, test } from 'vitest'
import { compareVersions } from './compare-versions.ts'

test.each([
  ['1.2.3', '1.2.3', 0],
  ['1.2.3', '1.2.10', -1],
  ['2.0.0', '1.99.99', 1],
  ['1.2', '1.2.0', 0],
  ['1.3.0-beta.2', '1.3.0', 0],
])('%s compared to %s', (left, right, sign) => {
  expect(Math.sign(compareVersions(left, right))).toBe(sign)
})
