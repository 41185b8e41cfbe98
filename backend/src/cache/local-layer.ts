import { LRUCache } from 'lru-cache'
import type { StoredValue } from './cache-store.ts'

export interface LocalEntry {
  value: unknown
  /** When the load began that found it; monotonic ms. */
  bornMs: number
  /** The last moment at which it was certainly what the others would have found, too. */
  knownMs: number
  freshMs: number
  totalMs: number
  /** Whether every deletion that was heard since `knownMs` counts for it: not so after one was missed. */
  epoch: number
}

export interface LocalLayer {
  find(key: string): LocalEntry | undefined
  put(key: string, stored: StoredValue, startMs: number): void
  /** How an entry may be used now. */
  toState(entry: LocalEntry, nowMs: number): 'fresh' | 'stale' | 'unusable'
  delete(key: string): void
  /** Nothing that is here is certain any more. It stays, for outages alone. */
  doubtAll(): void
}

/** The memory of this process. `heardUntilMs`, `unheardMs`: see CacheStore. */
export function createLocalLayer(options: {
  maxEntries: number
  unheardMs: number
  heardUntilMs: () => number
}): LocalLayer {
  const entries = new LRUCache<string, LocalEntry>({ max: options.maxEntries })
  let epoch = 0

  return {
    find: (key) => entries.get(key),
    put(key, { value, ageMs, freshMs, totalMs }, startMs) {
      entries.set(key, { value, bornMs: startMs - ageMs, knownMs: startMs, freshMs, totalMs, epoch })
    },
    toState(entry, nowMs) {
      const ageMs = nowMs - entry.bornMs
      const knownMs = entry.epoch === epoch ? Math.max(entry.knownMs, options.heardUntilMs()) : -Infinity
      if (nowMs - knownMs >= options.unheardMs || ageMs >= entry.totalMs) return 'unusable'
      return ageMs < entry.freshMs ? 'fresh' : 'stale'
    },
    delete: (key) => void entries.delete(key),
    doubtAll() {
      epoch += 1
    },
  }
}
