import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deriveKey } from './derive-key.ts'
import { getSecretKey, toSecretKeyPath } from './get-secret-key.ts'

let dataDir = ''

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'llmchat-secret-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

test('makes a file on the first run that only its owner may read, and keeps to it', () => {
  const first = getSecretKey({ secretKey: null, dataDir })
  expect(first.length).toBeGreaterThanOrEqual(64)
  expect(statSync(toSecretKeyPath(dataDir)).mode & 0o777).toBe(0o600)
  expect(getSecretKey({ secretKey: null, dataDir })).toBe(first)
})

test('takes the configured one before the file', () => {
  const secretKey = 'k'.repeat(40)
  expect(getSecretKey({ secretKey, dataDir: '/nonexistent' })).toBe(secretKey)
})

test('does not replace a damaged file', () => {
  writeFileSync(toSecretKeyPath(dataDir), 'cut')
  expect(() => getSecretKey({ secretKey: null, dataDir })).toThrow('is damaged')
})

test('derives one key per purpose', () => {
  const secret = 's'.repeat(40)
  expect(deriveKey(secret, 'csrf')).toEqual(deriveKey(secret, 'csrf'))
  expect(deriveKey(secret, 'csrf')).not.toEqual(deriveKey(secret, 'agent-keys'))
  expect(deriveKey(secret, 'csrf')).toHaveLength(32)
})
