import type { Clock } from '../base/clock.ts'
import type { CacheStore } from './cache-store.ts'

export interface PendingDeletions {
  /** Tells the store, now or, when it does not answer, as soon as it does. Never rejects. */
  del(keys: readonly string[]): Promise<void>
  add(keys: readonly string[]): void
  /** True while the store may still hold a value of this key that was deleted here. */
  has(key: string): boolean
  close(): void
}

const RETRY_MS = 200
/** Beyond it the oldest are given up; the times of what they name end by themselves. */
const MAX_PENDING = 100_000
const BATCH = 500

/** What was deleted while the store was away must not come back with it. */
export function openPendingDeletions(deps: { store: CacheStore; clock: Clock }): PendingDeletions {
  const { store, clock } = deps
  const waiting = new Map<string, number>()
  let version = 0
  let cancel: (() => void) | null = null
  let isClosed = false

  function add(keys: readonly string[]): void {
    version += 1
    for (const key of keys) waiting.set(key, version)
    for (const key of waiting.keys()) {
      if (waiting.size <= MAX_PENDING) break
      waiting.delete(key)
    }
    schedule()
  }

  function schedule(): void {
    if (isClosed || cancel !== null || waiting.size === 0) return
    cancel = clock.setTimer(RETRY_MS, () => {
      cancel = null
      void retry().finally(schedule)
    })
  }

  async function retry(): Promise<void> {
    if (!store.isUp()) return
    const batch = [...waiting].slice(0, BATCH)
    try {
      await store.del(batch.map(([key]) => key))
    } catch {
      return
    }
    // Deleted once more in between: that one waits for its own turn.
    for (const [key, since] of batch) if (waiting.get(key) === since) waiting.delete(key)
  }

  return {
    async del(keys) {
      try {
        await store.del(keys)
      } catch {
        add(keys)
      }
    },
    add,
    has: (key) => waiting.has(key),
    close() {
      isClosed = true
      cancel?.()
    },
  }
}
