import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../backend/src/base/clock.ts'
import { openRedisLink } from '../../backend/src/redis/open-redis-link.ts'
import type { RedisLink } from '../../backend/src/redis/redis-link.ts'
import { openRedisServer, type RedisServer } from '../support/redis-server.ts'
import { silentLogger } from '../support/silent-logger.ts'

let server: RedisServer
let link: RedisLink

beforeAll(async () => {
  server = await openRedisServer()
  link = openRedisLink({ url: server.url }, { clock: systemClock, logger: silentLogger })
})
afterAll(async () => {
  await link.close()
  await server.close()
})

it('fails at once while Redis is away, and comes back by itself with its subscriptions', async () => {
  const heard: string[] = []
  const changes: boolean[] = []
  await expect.poll(() => link.isUp()).toBe(true)
  link.onChange((isUp) => changes.push(isUp))
  await link.subscribe('bell', (message) => heard.push(message))
  await server.kill()
  await expect.poll(() => link.isUp()).toBe(false)
  await expect(link.commands.get('x')).rejects.toThrow()
  await server.start()
  await expect.poll(() => link.isUp(), { timeout: 10_000 }).toBe(true)
  expect(changes).toEqual([false, true])
  await expect
    .poll(
      async () => {
        await link.commands.publish(link.toKey('bell'), 'ding')
        return heard.length
      },
      { timeout: 10_000 },
    )
    .toBeGreaterThan(0)
})

it('notices a Redis that hangs, and one that goes on', async () => {
  process.kill(server.pid(), 'SIGSTOP')
  await expect.poll(() => link.isUp(), { timeout: 5_000 }).toBe(false)
  process.kill(server.pid(), 'SIGCONT')
  await expect.poll(() => link.isUp(), { timeout: 10_000 }).toBe(true)
})
