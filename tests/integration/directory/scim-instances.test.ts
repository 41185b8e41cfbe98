import { afterAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../backend/src/base/clock.ts'
import { createUuidV7 } from '../../../backend/src/base/ids.ts'
import { openRedisCache } from '../../../backend/src/cache/open-cache.ts'
import { openRedisLink } from '../../../backend/src/redis/open-redis-link.ts'
import { createApiKeys } from '../../../backend/src/users/api-keys.ts'
import { createLoginSessions } from '../../../backend/src/users/login-sessions.ts'
import { createScimUsers } from '../../../backend/src/users/scim/create-scim-users.ts'
import { openTestDatabase } from '../../support/open-test-database.ts'
import { openRedisServer } from '../../support/redis-server.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const opened = await openTestDatabase('postgres')
const redis = await openRedisServer()
afterAll(async () => {
  await redis.close()
  await opened?.close()
})

/** What each instance has of its own. */
function openInstance(url: string) {
  const link = openRedisLink({ url }, { clock: systemClock, logger: silentLogger })
  const cache = openRedisCache({ link, clock: systemClock })
  return { link, cache, clock: systemClock, createId: createUuidV7 }
}

describe.for(opened ? [opened] : [])('two instances', ({ database }) => {
  test('who is switched off by SCIM at one is out at the other before that would ask the database again', async () => {
    const [one, other] = [openInstance(redis.url), openInstance(redis.url)]
    await expect.poll(() => one.link.isUp() && other.link.isUp(), { timeout: 10_000 }).toBe(true)
    const people = [
      { id: 'ann', role: 'member' as const },
      { id: 'boss', role: 'admin' as const },
    ]
    const values = people.map((person) => ({
      ...person,
      email: `${person.id}@example.com`,
      name: person.id,
      password_hash: null,
    }))
    await database.kysely.insertInto('users').values(values).execute()
    const sessions = createLoginSessions({ ...other, database }, { idleMs: 3_600_000, absoluteMs: 3_600_000 })
    const keys = createApiKeys({ ...other, database })
    const { token } = await sessions.openLoginSession('ann')
    const { secret } = await keys.createApiKey('ann', { name: 'test' })
    // Remembered at the other instance from here on, for five seconds.
    expect([await sessions.findLoginSession(token), await keys.findApiKey(secret)]).toMatchObject([
      { user: { id: 'ann' } },
      { user: { id: 'ann' } },
    ])
    const scim = createScimUsers({ ...one, database })
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp']
    const body = { schemas, Operations: [{ op: 'replace', value: { active: false } }] }
    await scim.patch('ann', body, { baseUrl: 'http://chat.example/scim/v2', record: () => Promise.resolve() })
    const isOut = async () => [await sessions.findLoginSession(token), await keys.findApiKey(secret)]
    await expect.poll(isOut, { timeout: 2000, interval: 20 }).toEqual([null, null])
    for (const { cache, link } of [one, other]) {
      await cache.close()
      await link.close()
    }
  })
})
