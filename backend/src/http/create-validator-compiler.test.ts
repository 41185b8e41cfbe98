import { describe, expect, test } from 'vitest'
import { createValidatorCompiler } from './create-validator-compiler.ts'

describe('a moment', () => {
  const compile = createValidatorCompiler()
  const schema = { type: 'string', format: 'date-time' }
  const check = compile({ schema, method: 'GET', url: '/', httpPart: 'body' })

  test.each(['2026-11-27T06:23:00Z', '2026-11-27T06:23:00.635000+08:00', '0396-06-29T06:08:48.0040-21:07'])(
    '%s is taken',
    (text) => {
      expect(check(text)).toBe(true)
    },
  )

  test.each([
    '2026-11-27',
    '2026-02-30T00:00:00Z',
    '2026-12-31T23:59:60Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+01:00',
  ])('%s is not', (text) => {
    expect(check(text)).toBe(false)
  })
})
