import type { Clock } from '../base/clock.ts'
import type { RedisLink } from '../redis/redis-link.ts'
import type { CacheLifetime, CacheOptions, CacheService } from './cache-service.ts'
import type { CacheStore } from './cache-store.ts'
import { createCacheCounts } from './create-cache-counts.ts'
import { createFlights } from './flights.ts'
import { createLocalLayer } from './local-layer.ts'
import { createLockKeeper } from './lock-keeper.ts'
import { createMemoryCacheStore } from './memory-cache-store.ts'
import { openPendingDeletions } from './pending-deletions.ts'
import { openRedisCacheStore } from './redis-cache-store.ts'

interface CacheSettings {
  /** Default 50,000. */
  maxEntries?: number
  /** False: every value is loaded anew (to measure what remembering brings). Default true. */
  isRemembering?: boolean
}

/**
 * For a single instance. `isAlone: false`: another process (the command line) may write to the same database unheard;
 * then nothing is served for longer than a second.
 */
export function openMemoryCache(
  deps: { clock: Clock },
  { isAlone = true, ...settings }: CacheSettings & { isAlone?: boolean } = {},
): CacheService {
  const { clock } = deps
  return openCache({ clock, store: createMemoryCacheStore({ clock, isAlone }) }, settings)
}

/** For all instances on one Redis. Works from the start, whether Redis is there or not. */
export function openRedisCache(deps: { link: RedisLink; clock: Clock }, settings: CacheSettings = {}): CacheService {
  return openCache({ clock: deps.clock, store: openRedisCacheStore(deps) }, settings)
}

function toTimes({ freshMs, staleMs = 0 }: CacheLifetime): { freshMs: number; totalMs: number } {
  return { freshMs, totalMs: freshMs + staleMs }
}

function openCache(deps: { clock: Clock; store: CacheStore }, settings: CacheSettings): CacheService {
  const { clock, store } = deps
  const { maxEntries = 50_000, isRemembering = true } = settings
  const counts = createCacheCounts()
  const local = createLocalLayer({ maxEntries, unheardMs: store.unheardMs, heardUntilMs: () => store.heardUntilMs() })
  const locks = createLockKeeper({ store, clock })
  const pending = openPendingDeletions({ store, clock })
  const flights = createFlights({ store, clock, local, locks, counts, canAsk })

  function canAsk(key: string): boolean {
    return store.isUp() && !pending.has(key)
  }

  function forget(keys: readonly string[]): void {
    for (const key of keys) {
      local.delete(key)
      flights.overtake(key)
    }
  }

  store.onDeleted((keys) => {
    if (keys !== null) {
      forget(keys)
      return
    }
    local.doubtAll()
    flights.overtakeAll()
  })

  async function set(key: string, value: unknown, lifetime: CacheLifetime): Promise<void> {
    if (!isRemembering) return
    // The others' memories first: what they load from here on they find in the store.
    await del([key])
    const stored = { value, ...toTimes(lifetime) }
    // Before the store: a deletion that comes in between takes both away again.
    local.put(key, { ...stored, ageMs: 0 }, clock.monotonicMs())
    if (!canAsk(key)) return
    await store.write(key, null, stored).catch(() => {
      counts.of(key).errors += 1
      pending.add([key])
    })
  }

  async function del(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return
    forget(keys)
    await pending.del(keys)
    // Again: until the mark was set, somebody here may have read the old value back.
    forget(keys)
  }

  return {
    async get<Value>(key: string) {
      const counted = counts.of(key)
      const nowMs = clock.monotonicMs()
      const entry = local.find(key)
      if (entry !== undefined && local.toState(entry, nowMs) !== 'unusable') {
        counted.localHits += 1
        return entry.value as Value | null
      }
      const { stored } = await flights.readStore(key)
      counted[stored === null ? 'misses' : 'remoteHits'] += 1
      return stored === null ? undefined : (stored.value as Value | null)
    },
    set,
    del: (...keys) => del(keys),
    async getOrSet<Value>(key: string, load: () => Promise<Value | null>, options: CacheOptions) {
      const entry = local.find(key)
      const state = entry === undefined ? 'unusable' : local.toState(entry, clock.monotonicMs())
      if (entry !== undefined && isRemembering && state !== 'unusable') {
        counts.of(key).localHits += state === 'fresh' ? 1 : 0
        if (state === 'stale') {
          counts.of(key).stale += 1
          flights.refresh(key, load, options)
        }
        return entry.value as Value | null
      }
      const times = isRemembering ? options : { ...options, freshMs: 0, staleMs: 0, negativeMs: 0 }
      return (await flights.fly(key, load, times)) as Value | null
    },
    lock: (name, { ttlMs }) => locks.lock(name, ttlMs),
    unlock: (lock) => locks.unlock(lock),
    counts: () => counts.all(),
    async close() {
      locks.close()
      pending.close()
      await store.close()
    },
  }
}
