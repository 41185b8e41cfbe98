import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestPglite } from '../../../tests/support/open-test-database.ts'
import type { Clock } from '../base/clock.ts'
import { createUuidV7 } from '../base/ids.ts'
import { openMemoryCache } from '../cache/open-cache.ts'
import { createApiKeys } from './api-keys.ts'

const place = await openTestPglite()
const { database } = place
afterAll(() => place.close())

let nowMs = Date.UTC(2026, 0, 1)
const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, setTimer: () => () => undefined }
const keys = createApiKeys({ database, clock, cache: openMemoryCache({ clock }), createId: () => createUuidV7() })
const userId = 'ann'

beforeAll(async () => {
  const user = { id: userId, email: 'ann@example.com', name: 'Ann', password_hash: 'x', role: 'member' as const }
  await database.kysely.insertInto('users').values(user).execute()
})

test('a key chats and reads unless somebody says otherwise', async () => {
  const plain = await keys.createApiKey(userId, { name: 'plain' })
  expect((await keys.findApiKey(plain.secret))?.scopes).toEqual(['chat', 'read'])
  const narrow = await keys.createApiKey(userId, { name: 'narrow', scopes: ['read'] })
  expect(narrow.apiKey.scopes).toEqual(['read'])
  expect((await keys.findApiKey(narrow.secret))?.scopes).toEqual(['read'])
})

test('a key ends at its moment, also where it is still remembered', async () => {
  const expiresAt = new Date(nowMs + 60_000).toISOString()
  const { apiKey, secret } = await keys.createApiKey(userId, { name: 'short', expiresAt })
  expect(apiKey.expiresAt).toBe(expiresAt)
  nowMs += 59_000
  expect(await keys.findApiKey(secret)).toMatchObject({ id: apiKey.id })
  // Remembered for 5 s, of which one is over.
  nowMs += 1000
  expect(await keys.findApiKey(secret)).toBeNull()
  const late = keys.createApiKey(userId, { name: 'late', expiresAt })
  await expect(late).rejects.toMatchObject({ code: 'invalid_request' })
})
