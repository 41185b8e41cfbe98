import { expect, test } from 'vitest'
import { parseAmount, toTypedAmount } from './quota-amount.ts'

test.each([
  ['messages', '50', 50],
  ['messages', ' 0 ', 0],
  ['messages', '1.5', null],
  ['tokens', '-1', null],
  ['tokens', '99999999999999999', null],
  ['money', '12', 12_000_000],
  ['money', '0,1', 100_000],
  ['money', '4.35', 4_350_000],
  ['money', '0.000001', 1],
  ['money', '0.0000001', null],
  ['money', '', null],
] as const)('%s %j', (measure, typed, amount) => {
  expect(parseAmount(measure, typed)).toBe(amount)
})

test.each([0, 1, 100_000, 4_350_000, 12_000_000, 10_000_000_000])('%i goes into the field and back', (amount) => {
  for (const measure of ['money', 'tokens'] as const)
    expect(parseAmount(measure, toTypedAmount(measure, amount))).toBe(amount)
})
