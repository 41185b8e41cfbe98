import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock, type Clock } from '../../../backend/src/base/clock.ts'
import type { CacheOptions, CacheService } from '../../../backend/src/cache/cache-service.ts'
import { openRedisCache } from '../../../backend/src/cache/open-cache.ts'
import { openRedisLink } from '../../../backend/src/redis/open-redis-link.ts'
import type { RedisLink } from '../../../backend/src/redis/redis-link.ts'
import { createGate } from '../../support/create-gate.ts'
import { openRedisServer, type RedisServer } from '../../support/redis-server.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { createKey, createLoader } from './cache-suite.ts'

const shared: CacheOptions = { scope: 'shared', freshMs: 60_000 }
const own: CacheOptions = { scope: 'process', freshMs: 60_000 }
const BOUND_MS = 1000

interface Instance {
  link: RedisLink
  cache: CacheService
  /** Moves this instance's own time on. */
  pass(ms: number): void
}

let server: RedisServer
let instances: Instance[]

function openInstance(url: string, changeLink: (link: RedisLink) => RedisLink = (link) => link): Instance {
  let passedMs = 0
  const clock: Clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + passedMs }
  const link = openRedisLink({ url }, { clock: systemClock, logger: silentLogger })
  const cache = openRedisCache({ link: changeLink(link), clock })
  const instance = { link, cache, pass: (ms: number) => void (passedMs += ms) }
  instances.push(instance)
  return instance
}

async function openUp(changeLink?: (link: RedisLink) => RedisLink): Promise<Instance> {
  const instance = openInstance(server.url, changeLink)
  await expect.poll(() => instance.link.isUp(), { timeout: 10_000 }).toBe(true)
  return instance
}

beforeEach(async () => {
  instances = []
  server = await openRedisServer()
})
afterEach(async () => {
  for (const { cache, link } of instances) {
    await cache.close()
    await link.close()
  }
  await server.close()
})

describe('several instances', () => {
  test('share what one of them loaded, but not what belongs to a process', async () => {
    const [one, other] = [await openUp(), await openUp()]
    const key = createKey()
    expect(await one.cache.getOrSet(key, () => Promise.resolve('one'), shared)).toBe('one')
    expect(await other.cache.getOrSet(key, () => Promise.resolve('other'), shared)).toBe('one')
    const secret = createKey('secret')
    await one.cache.getOrSet(secret, () => Promise.resolve({ apiKey: 'sk-planted' }), own)
    expect(await other.cache.getOrSet(secret, () => Promise.resolve('loaded'), own)).toBe('loaded')
    for (const name of await one.link.commands.keys('*')) {
      if ((await one.link.commands.type(name)) !== 'string') continue
      expect(await one.link.commands.get(name)).not.toContain('sk-planted')
    }
  })

  test.each([
    ['shared', shared],
    ['process', own],
  ])('hear a deletion within a second (%s)', async (_scope, options) => {
    const all = [await openUp(), await openUp(), await openUp()]
    const key = createKey()
    let value = 'old'
    const read = ({ cache }: Instance) => cache.getOrSet(key, () => Promise.resolve(value), options)
    for (const each of all) expect(await read(each)).toBe('old')
    value = 'new'
    await all[0]?.cache.del(key)
    const deletedMs = performance.now()
    for (const each of all) await expect.poll(() => read(each), { interval: 10 }).toBe('new')
    expect(performance.now() - deletedMs).toBeLessThan(BOUND_MS)
  })

  test('notice within a second that the word of a deletion was lost', async () => {
    const writer = await openUp()
    // Connected, but deaf: as after a moment without the subscriber's connection.
    const deaf = await openUp((link) => ({ ...link, subscribe: () => Promise.resolve(() => Promise.resolve()) }))
    const key = createKey()
    // So that both know the number of the last deletion.
    await writer.cache.del(createKey())
    let value = 'old'
    const read = () => deaf.cache.getOrSet(key, () => Promise.resolve(value), own)
    await expect
      .poll(
        async () => {
          await read()
          return deaf.cache.counts().get('test')?.localHits ?? 0
        },
        { interval: 5, timeout: 10_000 },
      )
      .toBeGreaterThan(30)
    value = 'new'
    await writer.cache.del(key)
    const deletedMs = performance.now()
    await expect.poll(read, { interval: 10 }).toBe('new')
    expect(performance.now() - deletedMs).toBeLessThan(BOUND_MS)
  })

  test('never serve what was deleted, whoever reads, loads and deletes in between', async () => {
    const all = [await openUp(), await openUp(), await openUp()]
    const step = fc.record({ who: fc.integer({ min: 0, max: 2 }), kind: fc.constantFrom('read', 'slow', 'write') })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        const key = createKey()
        let version = 0
        const gates: (() => void)[] = []
        const slow: Promise<unknown>[] = []
        for (const { who, kind } of steps) {
          const cache = all[who]?.cache
          if (kind === 'write') {
            version += 1
            await cache?.del(key)
            // The writer's own instance at once: nothing, or what somebody loaded since.
            expect([undefined, version]).toContain(await cache?.get(key))
          } else if (kind === 'read') {
            // Not waited for: it may join a slow one.
            slow.push(cache?.getOrSet(key, () => Promise.resolve(version), shared) ?? Promise.resolve())
          } else {
            const gate = createGate()
            gates.push(() => gate.open())
            const load = () => {
              // As a statement does: what it finds is what there is when it is sent, however late the answer comes.
              const seen = version
              return gate.passed.then(() => seen)
            }
            slow.push(cache?.getOrSet(key, load, shared) ?? Promise.resolve())
          }
        }
        const endMs = performance.now()
        for (const open of gates) open()
        await Promise.all(slow)
        const read = ({ cache }: Instance) => cache.getOrSet(key, () => Promise.resolve(version), shared)
        for (const each of all) await expect.poll(() => read(each), { interval: 5 }).toBe(version)
        expect(performance.now() - endMs).toBeLessThan(BOUND_MS)
      }),
      { numRuns: 25 },
    )
  })

  test('load a value once for all where that is asked for', async () => {
    const all = [await openUp(), await openUp(), await openUp()]
    const gate = createGate()
    let calls = 0
    const load = async () => {
      calls += 1
      await gate.passed
      return 'loaded'
    }
    const key = createKey()
    const reads = all.map(({ cache }) => cache.getOrSet(key, load, { ...shared, waitForOthersMs: 10_000 }))
    await expect.poll(() => calls).toBe(1)
    gate.open()
    expect(await Promise.all(reads)).toEqual(['loaded', 'loaded', 'loaded'])
    expect(calls).toBe(1)
  })

  test('do not wait for ever for one that never comes back', async () => {
    const [one, other] = [await openUp(), await openUp()]
    const key = createKey()
    const gate = createGate()
    const options = { ...shared, waitForOthersMs: 200 }
    const stuck = one.cache.getOrSet(key, () => gate.passed.then(() => 'late'), options)
    expect(await other.cache.getOrSet(key, () => Promise.resolve('own'), options)).toBe('own')
    gate.open()
    await stuck
  })

  test('give a lock to one of them', async () => {
    const [one, other] = [await openUp(), await openUp()]
    const name = createKey('lock')
    const taken = await Promise.all([one, other].map(({ cache }) => cache.lock(name, { ttlMs: 2000 })))
    expect(taken.filter((lock) => lock !== null)).toHaveLength(1)
  })
})

describe('while Redis is away', () => {
  test('values are computed and kept for at most 5 s, and nothing fails', async () => {
    const one = await openUp()
    await server.kill()
    await expect.poll(() => one.link.isUp(), { timeout: 5000 }).toBe(false)
    const key = createKey()
    const loader = createLoader()
    const read = () => one.cache.getOrSet(key, loader.load, shared)
    expect(await read()).toBe(1)
    expect(await read()).toBe(1)
    one.pass(4900)
    expect(await read()).toBe(1)
    one.pass(200)
    expect(await read()).toBe(2)
    await one.cache.set(key, 7, { freshMs: 60_000 })
    expect(await one.cache.get(key)).toBe(7)
    await one.cache.del(key)
    expect(await read()).toBe(3)
    expect(await one.cache.lock(createKey('lock'), { ttlMs: 1000 })).toBeNull()
  })

  test('a Redis that hangs delays nobody for long, and nothing fails', async () => {
    const one = await openUp()
    process.kill(server.pid(), 'SIGSTOP')
    const loader = createLoader()
    expect(await one.cache.getOrSet(createKey(), loader.load, shared)).toBe(1)
    await expect.poll(() => one.link.isUp(), { timeout: 5000 }).toBe(false)
    const startMs = performance.now()
    expect(await one.cache.getOrSet(createKey(), loader.load, shared)).toBe(2)
    expect(performance.now() - startMs).toBeLessThan(200)
    process.kill(server.pid(), 'SIGCONT')
  })

  test('a deletion that Redis did not hear is told as soon as it is back', async () => {
    const [one, other] = [await openUp(), await openUp()]
    const key = createKey()
    let value = 'old'
    const read = ({ cache }: Instance) => cache.getOrSet(key, () => Promise.resolve(value), shared)
    for (const each of [one, other]) expect(await read(each)).toBe('old')
    process.kill(server.pid(), 'SIGSTOP')
    await expect.poll(() => one.link.isUp() || other.link.isUp(), { timeout: 5000 }).toBe(false)
    value = 'new'
    await one.cache.del(key)
    expect(await read(one)).toBe('new')
    process.kill(server.pid(), 'SIGCONT')
    // At no moment does the one that deleted it read the old value back.
    await expect
      .poll(
        async () => {
          expect(await read(one)).toBe('new')
          return one.link.isUp()
        },
        { timeout: 10_000 },
      )
      .toBe(true)
    await expect.poll(() => read(other), { timeout: 5000 }).toBe('new')
  })

  test('a lock that can no longer be renewed says so before somebody else can have it', async () => {
    const one = await openUp()
    const lock = await one.cache.lock(createKey('lock'), { ttlMs: 600 })
    if (lock === null) throw new Error('the lock is free')
    await server.kill()
    await expect.poll(() => lock.signal.aborted, { timeout: 3000 }).toBe(true)
  })

  test('an empty Redis that comes in its place is not taken for the old one', async () => {
    const [one, other] = [await openUp(), await openUp()]
    const key = createKey()
    let value = 'old'
    const read = ({ cache }: Instance) => cache.getOrSet(key, () => Promise.resolve(value), own)
    await one.cache.del(createKey())
    for (const each of [one, other]) expect(await read(each)).toBe('old')
    await server.kill()
    await expect.poll(() => one.link.isUp() || other.link.isUp(), { timeout: 5000 }).toBe(false)
    await server.start()
    await expect.poll(() => one.link.isUp() && other.link.isUp(), { timeout: 10_000 }).toBe(true)
    value = 'new'
    await one.cache.del(key)
    const deletedMs = performance.now()
    await expect.poll(() => read(other), { interval: 10 }).toBe('new')
    expect(performance.now() - deletedMs).toBeLessThan(BOUND_MS)
  })

  test('an instance that starts without it works, and finds it later', async () => {
    await server.kill()
    const one = openInstance(server.url)
    const key = createKey()
    const loader = createLoader()
    expect(await one.cache.getOrSet(key, loader.load, shared)).toBe(1)
    await server.start()
    await expect.poll(() => one.link.isUp(), { timeout: 10_000 }).toBe(true)
    await one.cache.set(key, 'kept', { freshMs: 60_000 })
    const other = await openUp()
    expect(await other.cache.get(key)).toBe('kept')
  })
})
