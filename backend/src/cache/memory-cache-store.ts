import type { Clock } from '../base/clock.ts'
import type { CacheStore } from './cache-store.ts'

/** For one process alone: the local layer is all there is, so this one keeps locks and nothing else. */
export function createMemoryCacheStore(deps: { clock: Clock; isAlone: boolean }): CacheStore {
  const locks = new Map<string, { token: string; untilMs: number }>()
  const now = (): number => deps.clock.monotonicMs()

  function isOwner(name: string, token: string): boolean {
    const held = locks.get(name)
    return held !== undefined && held.token === token && held.untilMs > now()
  }

  return {
    isUp: () => false,
    read: () => Promise.resolve({ token: '', stored: null }),
    write: () => Promise.resolve(true),
    del: () => Promise.resolve(),
    async takeLock(name, token, ttlMs) {
      const held = locks.get(name)
      if (held !== undefined && held.untilMs > now()) return false
      locks.set(name, { token, untilMs: now() + ttlMs })
      return true
    },
    async renewLock(name, token, ttlMs) {
      if (!isOwner(name, token)) return false
      locks.set(name, { token, untilMs: now() + ttlMs })
      return true
    },
    async releaseLock(name, token) {
      const isHeld = isOwner(name, token)
      if (isHeld) locks.delete(name)
      return isHeld
    },
    // Alone, everybody who deletes is in this process; else nothing is ever heard of the others.
    heardUntilMs: () => (deps.isAlone ? Infinity : -Infinity),
    unheardMs: 1000,
    onDeleted: () => undefined,
    close: () => Promise.resolve(),
  }
}
