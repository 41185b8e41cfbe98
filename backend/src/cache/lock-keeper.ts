import { randomBytes } from 'node:crypto'
import type { Clock } from '../base/clock.ts'
import type { CacheLock } from './cache-service.ts'
import type { CacheStore } from './cache-store.ts'

export interface LockKeeper {
  lock(name: string, ttlMs: number): Promise<CacheLock | null>
  unlock(lock: CacheLock): Promise<boolean>
  /** Ends the renewals; what is held ends by its time. */
  close(): void
}

/** Locks that renew themselves and know when they may be lost. */
export function createLockKeeper(deps: { store: CacheStore; clock: Clock }): LockKeeper {
  const { store, clock } = deps
  const held = new Map<string, () => void>()

  function hold(name: string, token: string, ttlMs: number, takenMs: number): CacheLock {
    const controller = new AbortController()
    let cancelRenewal = (): void => undefined
    let cancelEnd = (): void => undefined

    function stop(): void {
      cancelRenewal()
      cancelEnd()
      held.delete(token)
      controller.abort()
    }

    // From the moment the question left: when Redis' own clock for it began is unknown, but not earlier.
    function setEnd(sinceMs: number): void {
      cancelEnd()
      cancelEnd = clock.setTimer(Math.max(0, sinceMs + ttlMs - clock.monotonicMs()), stop)
    }

    async function renew(): Promise<void> {
      const startMs = clock.monotonicMs()
      const isOurs = await store.renewLock(name, token, ttlMs).catch(() => null)
      if (!held.has(token)) return
      if (isOurs === false) {
        stop()
        return
      }
      if (isOurs === true) setEnd(startMs)
      schedule()
    }

    function schedule(): void {
      cancelRenewal = clock.setTimer(ttlMs / 3, () => void renew())
    }

    held.set(token, stop)
    setEnd(takenMs)
    schedule()
    return { name, token, signal: controller.signal }
  }

  return {
    async lock(name, ttlMs) {
      const token = randomBytes(16).toString('hex')
      const startMs = clock.monotonicMs()
      const isTaken = await store.takeLock(name, token, ttlMs).catch(() => false)
      return isTaken ? hold(name, token, ttlMs, startMs) : null
    },
    async unlock(lock) {
      held.get(lock.token)?.()
      return store.releaseLock(lock.name, lock.token).catch(() => false)
    },
    close() {
      for (const stop of held.values()) stop()
    },
  }
}
