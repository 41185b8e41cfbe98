import { describe, expect, test } from 'vitest'
import { createRecoveryCode, toRecoveryCodeHash } from './recovery-code.ts'
import { findTotpStep, toBase32, toStep, toTotpCode, toTotpUri } from './totp.ts'

const secret = Buffer.from('12345678901234567890')

describe('time-based codes', () => {
  // RFC 6238, appendix B, the rows for SHA-1.
  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at second %d are those of RFC 6238', (second, code) => {
    expect(toTotpCode(secret, toStep(second * 1000), 8)).toBe(code)
    expect(findTotpStep(secret, code.slice(2), second * 1000)).toBe(toStep(second * 1000))
  })

  test('may be one step old or early, not two', () => {
    const nowMs = 1_234_567_890_000
    const at = (steps: number): number | null => findTotpStep(secret, toTotpCode(secret, toStep(nowMs) + steps), nowMs)
    expect([at(-2), at(-1), at(0), at(1), at(2)].map((step) => step !== null)).toEqual([false, true, true, true, false])
  })

  test.each(['', '00592', '0059240', '0059241', 'abcdef', '００５９２４'])('%j is none', (code) => {
    expect(findTotpStep(secret, code, 1_234_567_890_000)).toBeNull()
  })

  test('the address for apps holds the secret as apps read it', () => {
    expect(toBase32(secret)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
    const uri = new URL(toTotpUri(secret, 'a+b@c.example'))
    expect(uri.pathname).toBe('/LLMChat:a%2Bb%40c.example')
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      issuer: 'LLMChat',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    })
  })
})

test('recovery codes are read as people type them', () => {
  const code = createRecoveryCode()
  expect(code).toMatch(/^([A-Z2-7]{8}-){3}[A-Z2-7]{8}$/)
  expect(toRecoveryCodeHash(` ${code.toLowerCase().replaceAll('-', ' ')} `)).toBe(toRecoveryCodeHash(code))
  expect(toRecoveryCodeHash(createRecoveryCode())).not.toBe(toRecoveryCodeHash(code))
})
