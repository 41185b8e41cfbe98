import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CacheOptions, CacheService } from '../../../backend/src/cache/cache-service.ts'
import { withCache } from '../../../backend/src/cache/with-cache.ts'
import { createGate } from '../../support/create-gate.ts'

const shared: CacheOptions = { scope: 'shared', freshMs: 60_000 }
const own: CacheOptions = { scope: 'process', freshMs: 60_000 }

let keyCount = 0
export function createKey(space = 'test'): string {
  keyCount += 1
  return `${space}:${process.pid}:${keyCount}`
}

/** A loader that counts, and gives a new number each time. */
export function createLoader() {
  const loader = {
    calls: 0,
    load: () => {
      loader.calls += 1
      return Promise.resolve<number | null>(loader.calls)
    },
  }
  return loader
}

/** What every cache must do. `open` gives one that is ready. */
export function describeCache(name: string, open: () => Promise<CacheService>): void {
  describe(`cache: ${name}`, () => {
    let cache: CacheService
    beforeEach(async () => {
      cache = await open()
    })
    afterEach(() => cache.close())

    test.each([
      ['shared', shared],
      ['process', own],
    ])('loads once, and again after a deletion (%s)', async (_scope, options) => {
      const key = createKey()
      const { load } = createLoader()
      expect(await cache.getOrSet(key, load, options)).toBe(1)
      expect(await cache.getOrSet(key, load, options)).toBe(1)
      await cache.del(key)
      expect(await cache.get(key)).toBeUndefined()
      expect(await cache.getOrSet(key, load, options)).toBe(2)
    })

    test('keeps any JSON as it is, from set and from getOrSet', async () => {
      await fc.assert(
        fc.asyncProperty(fc.jsonValue(), async (json) => {
          const value: unknown = JSON.parse(JSON.stringify(json))
          const [one, other] = [createKey(), createKey()]
          await cache.set(one, value, { freshMs: 60_000 })
          expect(await cache.get(one)).toEqual(value)
          await cache.getOrSet(other, () => Promise.resolve(value), shared)
          expect(await cache.getOrSet(other, () => Promise.resolve('another'), shared)).toEqual(
            value === null ? 'another' : value,
          )
        }),
        { numRuns: 30 },
      )
    })

    test('set overwrites what was there', async () => {
      const key = createKey()
      await cache.getOrSet(key, () => Promise.resolve('old'), shared)
      await cache.set(key, 'new', { freshMs: 60_000 })
      expect(await cache.get(key)).toBe('new')
      expect(await cache.getOrSet(key, () => Promise.resolve('loaded'), shared)).toBe('new')
    })

    test('of any number of concurrent callers one loads', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 200 }), async (callers) => {
          const key = createKey()
          const gate = createGate()
          let calls = 0
          const load = async () => {
            calls += 1
            await gate.passed
            return calls
          }
          const all = Array.from({ length: callers }, () => cache.getOrSet(key, load, shared))
          gate.open()
          expect(await Promise.all(all)).toEqual(Array.from({ length: callers }, () => 1))
          expect(calls).toBe(1)
        }),
        { numRuns: 20 },
      )
    })

    test('shares an error with those who wait, and does not remember it', async () => {
      const key = createKey()
      const gate = createGate()
      let calls = 0
      const load = async () => {
        calls += 1
        await gate.passed
        throw new Error('no')
      }
      const waiting = [1, 2, 3].map(() => cache.getOrSet(key, load, shared))
      gate.open()
      for (const each of await Promise.allSettled(waiting)) expect(each).toMatchObject({ reason: { message: 'no' } })
      expect(calls).toBe(1)
      expect(await cache.getOrSet(key, () => Promise.resolve('yes'), shared)).toBe('yes')
    })

    test('a load that a deletion overtook is neither kept nor joined', async () => {
      const key = createKey()
      const [began, gate] = [createGate(), createGate()]
      const old = cache.getOrSet(
        key,
        async () => {
          began.open()
          await gate.passed
          return 'old'
        },
        shared,
      )
      await began.passed
      await cache.del(key)
      expect(await cache.getOrSet(key, () => Promise.resolve('new'), shared)).toBe('new')
      gate.open()
      expect(await old).toBe('old')
      expect(await cache.getOrSet(key, () => Promise.resolve('newer'), shared)).toBe('new')
    })

    test('remembers what is missing for its own time, or not at all', async () => {
      const { load: loadNumber } = createLoader()
      let calls = 0
      const load = () => {
        calls += 1
        return Promise.resolve(null)
      }
      const key = createKey()
      for (let count = 0; count < 3; count += 1) expect(await cache.getOrSet(key, load, shared)).toBeNull()
      expect(calls).toBe(3)
      const negative = { ...shared, negativeMs: 400 }
      for (let count = 0; count < 3; count += 1) expect(await cache.getOrSet(key, load, negative)).toBeNull()
      expect(calls).toBe(4)
      expect(await cache.get(key)).toBeNull()
      await expect.poll(() => cache.getOrSet(key, loadNumber, negative)).toBe(1)
    })

    test('serves what is stale at once, and refreshes it behind', async () => {
      const key = createKey()
      const loader = createLoader()
      const options = { ...shared, freshMs: 30, staleMs: 60_000 }
      expect(await cache.getOrSet(key, loader.load, options)).toBe(1)
      const gate = createGate()
      let refreshes = 0
      const refresh = async () => {
        refreshes += 1
        await gate.passed
        return 100
      }
      await expect
        .poll(async () => {
          expect(await cache.getOrSet(key, refresh, options)).toBe(1)
          return refreshes
        })
        .toBe(1)
      for (let count = 0; count < 10; count += 1) expect(await cache.getOrSet(key, refresh, options)).toBe(1)
      expect(refreshes).toBe(1)
      gate.open()
      await expect.poll(() => cache.getOrSet(key, refresh, options)).toBe(100)
      expect(cache.counts().get('test')?.stale).toBeGreaterThan(9)
    })

    test('a failed refresh leaves what is stale until its end', async () => {
      const key = createKey()
      const options = { ...shared, freshMs: 20, staleMs: 300 }
      await cache.getOrSet(key, () => Promise.resolve('old'), options)
      let failures = 0
      const fail = () => {
        failures += 1
        return Promise.reject(new Error('no'))
      }
      const outcome = () =>
        cache.getOrSet(key, fail, options).then(
          (value) => value,
          () => 'failed',
        )
      await expect.poll(outcome).toBe('failed')
      expect(failures).toBeGreaterThan(1)
    })

    test('in an outage of the source an old value is better than none, unless it was deleted', async () => {
      const key = createKey()
      const isOutage = (error: unknown) => error instanceof Error && error.message === 'away'
      const options = { ...own, freshMs: 1, outage: { maxAgeMs: 60_000, isOutage } }
      const fail = (message: string) => () => Promise.reject(new Error(message))
      await cache.getOrSet(key, () => Promise.resolve('old'), options)
      const find = (message: string) => cache.getOrSet(key, fail(message), options)
      const state = () =>
        find('away').then(
          (value) => value,
          () => 'failed',
        )
      await expect.poll(() => cache.get(key)).toBeUndefined()
      expect(await state()).toBe('old')
      await expect(find('broken')).rejects.toThrow('broken')
      await cache.del(key)
      await expect(find('away')).rejects.toThrow('away')
    })

    test('a source that says nothing is not waited for when an old value is at hand', async () => {
      const key = createKey()
      const options = { ...own, freshMs: 1, outage: { maxAgeMs: 60_000, patienceMs: 20, isOutage: () => true } }
      await cache.getOrSet(key, () => Promise.resolve('old'), options)
      await expect.poll(() => cache.get(key)).toBeUndefined()
      const gate = createGate()
      const load = async () => {
        await gate.passed
        return 'new'
      }
      expect(await cache.getOrSet(key, load, options)).toBe('old')
      expect(await cache.getOrSet(key, load, options)).toBe('old')
      await cache.del(key)
      const waiting = cache.getOrSet(key, load, options)
      gate.open()
      expect(await waiting).toBe('new')
    })

    test('a lock has one holder, is given back by its token alone, and ends by itself', async () => {
      const name = createKey('lock')
      const lock = await cache.lock(name, { ttlMs: 5000 })
      if (lock === null) throw new Error('the lock is free')
      expect(await cache.lock(name, { ttlMs: 5000 })).toBeNull()
      expect(await cache.unlock({ ...lock, token: 'forged' })).toBe(false)
      expect(await cache.lock(name, { ttlMs: 5000 })).toBeNull()
      expect(await cache.unlock(lock)).toBe(true)
      expect(await cache.unlock(lock)).toBe(false)
      const next = await cache.lock(name, { ttlMs: 5000 })
      expect(next).not.toBeNull()
    })

    test('a lock outlives its time while its holder lives', async () => {
      const name = createKey('lock')
      const lock = await cache.lock(name, { ttlMs: 300 })
      if (lock === null) throw new Error('the lock is free')
      const endMs = performance.now() + 1200
      await expect
        .poll(
          async () => {
            expect(await cache.lock(name, { ttlMs: 300 })).toBeNull()
            expect(lock.signal.aborted).toBe(false)
            return performance.now() > endMs
          },
          { timeout: 5000 },
        )
        .toBe(true)
      expect(await cache.unlock(lock)).toBe(true)
    })

    test('a lock is never held by two, whatever the order', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ who: fc.integer({ min: 0, max: 4 }), isLock: fc.boolean() }), { maxLength: 40 }),
          async (steps) => {
            const name = createKey('lock')
            const held = new Map<number, Awaited<ReturnType<CacheService['lock']>>>()
            await Promise.all(
              steps.map(async ({ who, isLock }) => {
                if (isLock && !held.has(who)) {
                  const lock = await cache.lock(name, { ttlMs: 60_000 })
                  if (lock === null) return
                  expect(held.size).toBe(0)
                  held.set(who, lock)
                  return
                }
                const lock = held.get(who)
                if (lock === undefined || lock === null) return
                held.delete(who)
                expect(await cache.unlock(lock)).toBe(true)
              }),
            )
          },
        ),
        { numRuns: 40 },
      )
    })

    test('wraps a function', async () => {
      let calls = 0
      const find = withCache(
        cache,
        (owner: string, index: number) => {
          calls += 1
          return Promise.resolve(`${owner}${index}`)
        },
        { ...shared, toKey: (owner, index) => `wrapped:${process.pid}:${name}:${owner}:${index}` },
      )
      expect([await find('a', 1), await find('a', 1), await find('b', 1)]).toEqual(['a1', 'a1', 'b1'])
      expect(calls).toBe(2)
    })

    test('counts what happened by space', async () => {
      const key = createKey('counted')
      const { load } = createLoader()
      await Promise.all([cache.getOrSet(key, load, shared), cache.getOrSet(key, load, shared)])
      await cache.getOrSet(key, load, shared)
      await cache.getOrSet(createKey('counted'), () => Promise.reject(new Error('no')), shared).catch(() => undefined)
      expect(cache.counts().get('counted')).toEqual({
        localHits: 1,
        remoteHits: 0,
        misses: 2,
        stale: 0,
        joined: 1,
        errors: 1,
      })
    })
  })
}
