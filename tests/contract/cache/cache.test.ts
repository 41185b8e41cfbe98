import { afterAll, beforeAll, vi } from 'vitest'
import { systemClock } from '../../../backend/src/base/clock.ts'
import { openMemoryCache, openRedisCache } from '../../../backend/src/cache/open-cache.ts'
import { openRedisLink } from '../../../backend/src/redis/open-redis-link.ts'
import type { RedisLink } from '../../../backend/src/redis/redis-link.ts'
import { openRedisServer, type RedisServer } from '../../support/redis-server.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { describeCache } from './cache-suite.ts'

let server: RedisServer
let link: RedisLink

beforeAll(async () => {
  server = await openRedisServer()
  link = openRedisLink({ url: server.url }, { clock: systemClock, logger: silentLogger })
  await vi.waitUntil(() => link.isUp(), { timeout: 10_000 })
})
afterAll(async () => {
  await link.close()
  await server.close()
})

describeCache('memory', () => Promise.resolve(openMemoryCache({ clock: systemClock })))
describeCache('redis', () => Promise.resolve(openRedisCache({ link, clock: systemClock })))
