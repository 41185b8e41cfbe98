import { LRUCache } from 'lru-cache'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'

interface Entry<Value> {
  value: Value
  loadedAtMs: number
}

interface OutageCacheOptions {
  maxEntries: number
  /** For so long the database is not asked again. */
  freshMs: number
  /** For so long an entry is good while the database is away. */
  staleMs: number
}

/** Remembers what was found, so that people stay signed in while the database is away for a moment. */
export interface OutageCache<Value> {
  /** `load` gives null for "no such thing", which is not remembered. */
  find(key: string, load: () => Promise<Value | null>): Promise<Value | null>
  delete(key: string): void
  deleteWhere(isMeant: (value: Value) => boolean): void
}

export function createOutageCache<Value>(deps: { clock: Clock }, options: OutageCacheOptions): OutageCache<Value> {
  const entries = new LRUCache<string, Entry<Value>>({ max: options.maxEntries })

  async function load(key: string, loader: () => Promise<Value | null>): Promise<Value | null> {
    const value = await loader()
    if (value === null) entries.delete(key)
    else entries.set(key, { value, loadedAtMs: deps.clock.monotonicMs() })
    return value
  }

  return {
    async find(key, loader) {
      const entry = entries.get(key)
      const ageMs = entry === undefined ? Infinity : deps.clock.monotonicMs() - entry.loadedAtMs
      if (entry !== undefined && ageMs < options.freshMs) return entry.value
      try {
        return await load(key, loader)
      } catch (error) {
        const isAway = error instanceof AppError && error.code === 'database_unavailable'
        if (isAway && entry !== undefined && ageMs < options.staleMs) return entry.value
        throw error
      }
    },
    delete: (key) => {
      entries.delete(key)
    },
    deleteWhere(isMeant) {
      for (const [key, entry] of entries.entries()) if (isMeant(entry.value)) entries.delete(key)
    },
  }
}
