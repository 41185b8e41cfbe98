import { expect, test } from 'vitest'
import { createTrustCheck } from './create-trust-check.ts'

const isTrusted = createTrustCheck(['10.0.0.0/8', '192.0.2.7', 'fd00::/8', '::1'])

test.each(['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', 'fd12::1', '::1'])('%s is one of our proxies', (address) => {
  expect(isTrusted(address)).toBe(true)
})

test.each(['11.1.2.3', '192.0.2.8', '2001:db8::1', '127.0.0.1', '', 'nonsense', undefined])('%s is not', (address) => {
  expect(isTrusted(address)).toBe(false)
})

test('without entries nobody is trusted; a wrong entry ends the start', () => {
  expect(createTrustCheck([])('127.0.0.1')).toBe(false)
  expect(() => createTrustCheck(['10.0.0.0/99'])).toThrow()
})
