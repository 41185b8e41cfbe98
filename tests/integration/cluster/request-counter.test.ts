import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { systemClock, type Clock } from '../../../backend/src/base/clock.ts'
import { createRequestCounter } from '../../../backend/src/http/limits/create-request-counter.ts'
import { openRedisLink } from '../../../backend/src/redis/open-redis-link.ts'
import type { RedisLink } from '../../../backend/src/redis/redis-link.ts'
import { createApiKeys } from '../../../backend/src/users/api-keys.ts'
import { openMemoryCache } from '../../../backend/src/cache/open-cache.ts'
import { createUuidV7 } from '../../../backend/src/base/ids.ts'
import { openTestApp, type TestApp } from '../../support/open-test-app.ts'
import { openRedisServer, type RedisServer } from '../../support/redis-server.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const WINDOW_MS = 60_000

let server: RedisServer
let links: RedisLink[]
let app: TestApp

beforeAll(async () => {
  server = await openRedisServer()
  links = [1, 2].map(() => openRedisLink({ url: server.url }, { clock: systemClock, logger: silentLogger }))
  for (const link of links) await vi.waitUntil(() => link.isUp(), { timeout: 20_000 })
  app = await openTestApp({
    config: { rateLimitPerMinute: 20, trustedProxies: [] },
    countRequest: createRequestCounter({ clock: systemClock, link: links[0] ?? null }),
  })
})
afterAll(async () => {
  await app.close()
  for (const link of links) await link.close()
  await server.close()
})

test('counts over all instances, one command per request, and none is lost or counted twice', async () => {
  const counters = links.map((link) => createRequestCounter({ clock: systemClock, link }))
  const all = Array.from({ length: 200 }, async (_, index) => {
    const result = await counters[index % 2]?.('user:ann', WINDOW_MS)
    return result?.count ?? 0
  })
  const counts = (await Promise.all(all)).sort((a, b) => a - b)
  expect(counts).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
  expect(await links[0]?.commands.pttl(links[0].toKey('rate:user:ann'))).toBeGreaterThan(50_000)
})

test('an API key with a limit of its own counts apart, another with its person', async () => {
  const { userId, client } = await app.signIn()
  const cache = openMemoryCache({ clock: systemClock })
  const keys = createApiKeys({ database: app.database, cache, clock: systemClock, createId: createUuidV7 })
  const limited = await keys.createApiKey(userId, { name: 'limited', rateLimitPerMinute: 3 })
  const plain = await keys.createApiKey(userId, { name: 'plain' })
  const ask = async (secret: string) => {
    const reply = await app.createClient().request('/api/agents', { headers: { authorization: `Bearer ${secret}` } })
    return [reply.status, reply.headers.get('ratelimit-remaining')]
  }
  for (const remaining of ['2', '1', '0']) expect(await ask(limited.secret)).toEqual([200, remaining])
  expect(await ask(limited.secret)).toEqual([429, '0'])
  expect(await ask(plain.secret)).toEqual([200, '19'])
  expect((await client.request('/api/agents')).headers.get('ratelimit-remaining')).toBe('18')
})

test('without a name the address counts, whatever a stranger claims, and refusals say when to come back', async () => {
  const visitor = app.createClient()
  const statuses: number[] = []
  // Signing in was counted for this address, too.
  const already = 20 - Number((await visitor.request('/api/auth/state')).headers.get('ratelimit-remaining'))
  for (let count = already; count < 21; count += 1) {
    const headers = { 'x-forwarded-for': `192.0.2.${count}`, authorization: 'Bearer lc_unknown' }
    const reply = await visitor.request('/api/agents', { headers })
    statuses.push(reply.status)
    expect(reply.headers.get('ratelimit-limit')).toBe('20')
    expect(reply.headers.get('ratelimit-remaining')).toBe(String(Math.max(0, 19 - count)))
    if (reply.status === 429) {
      expect(reply.json()).toMatchObject({ error: { code: 'rate_limited' } })
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(Number(reply.headers.get('ratelimit-reset'))).toBeLessThanOrEqual(60)
    }
  }
  expect(statuses).toEqual([...Array.from({ length: 20 - already }, () => 401), 429])
})

test('without Redis each instance holds the budget by itself, and its share so far counts', async () => {
  let passedMs = 0
  const clock: Clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + passedMs }
  const counters = links.map((link) => createRequestCounter({ clock, link }))
  const [one, other] = counters
  for (let count = 1; count <= 5; count += 1) expect((await one?.('user:bo', WINDOW_MS))?.count).toBe(count)
  process.kill(server.pid(), 'SIGSTOP')
  const startMs = performance.now()
  expect((await one?.('user:bo', WINDOW_MS))?.count).toBe(6)
  // A Redis that hangs may not hold a request up.
  expect(performance.now() - startMs).toBeLessThan(900)
  process.kill(server.pid(), 'SIGCONT')
  await server.kill()
  for (const link of links) await expect.poll(() => link.isUp(), { timeout: 5000 }).toBe(false)
  expect((await one?.('user:bo', WINDOW_MS))?.count).toBe(7)
  expect((await other?.('user:bo', WINDOW_MS))?.count).toBe(1)
  passedMs = WINDOW_MS
  expect((await one?.('user:bo', WINDOW_MS))?.count).toBe(1)
  await server.start()
  for (const link of links) await expect.poll(() => link.isUp(), { timeout: 10_000 }).toBe(true)
  // What was counted while it was away is not forgotten.
  expect((await one?.('user:bo', WINDOW_MS))?.count).toBe(2)
  expect((await other?.('user:bo', WINDOW_MS))?.count).toBe(2)
})
