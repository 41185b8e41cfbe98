import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createSecretBox } from './secret-box.ts'

const box = createSecretBox(randomBytes(32))

describe('the secret box', () => {
  test('gives back what was put in', () => {
    for (const text of ['', 'sk-123', '密钥 🔑', 'x'.repeat(4000)]) {
      expect(box.unseal(box.seal(text, 'a'), 'a')).toBe(text)
    }
  })

  test('shows neither the text nor that two are the same', () => {
    const [first, second] = [box.seal('sk-secret', 'a'), box.seal('sk-secret', 'a')]
    expect(first).toMatch(/^v1\.[\w-]+$/)
    expect(first).not.toBe(second)
    expect(Buffer.from(first.slice(3), 'base64url').toString('latin1')).not.toContain('secret')
  })

  test('does not open for another agent, another secret, or after a change', () => {
    const sealed = box.seal('sk-secret', 'a')
    const middle = Math.floor(sealed.length / 2)
    const changed = sealed.slice(0, middle) + (sealed[middle] === 'A' ? 'B' : 'A') + sealed.slice(middle + 1)
    expect(() => box.unseal(sealed, 'b')).toThrow("can't be opened")
    expect(() => createSecretBox(randomBytes(32)).unseal(sealed, 'a')).toThrow("can't be opened")
    for (const text of [changed, 'v1.', 'v2.AAAA', 'sk-plain', sealed.slice(0, -4)]) {
      expect(() => box.unseal(text, 'a')).toThrow("can't be opened")
    }
  })
})
