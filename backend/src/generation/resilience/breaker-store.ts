import { LRUCache } from 'lru-cache'
import type { Clock } from '../../base/clock.ts'
import { closedState, type BreakerState } from './breaker-rules.ts'

/** Pure: may run several times where another instance was faster. The same `state` back means that nothing changed. */
export type BreakerChange<Result> = (state: BreakerState, nowMs: number) => { state: BreakerState; result: Result }

/** Where circuit breakers keep their state. */
export interface BreakerStore {
  /** Read, change and write as one atomic step. Never rejects. */
  update<Result>(key: string, change: BreakerChange<Result>): Promise<Result>
  /** The newest state known here, own or told by others; costs no request. */
  peek(key: string): BreakerState
  close(): Promise<void>
}

/** More keys than any installation has agents: what is dropped begins as closed again. */
const maxKeys = 2_000

/** For one instance alone, and for the time that Redis is away. */
export interface MemoryBreakerStore extends BreakerStore {
  put(key: string, state: BreakerState): void
}

export function createMemoryBreakerStore(deps: { clock: Clock }): MemoryBreakerStore {
  const states = new LRUCache<string, BreakerState>({ max: maxKeys })
  const peek = (key: string): BreakerState => states.get(key) ?? closedState
  return {
    peek,
    put: (key, state) => void states.set(key, state),
    async update(key, change) {
      const { state, result } = change(peek(key), deps.clock.nowMs())
      states.set(key, state)
      return result
    },
    close: () => Promise.resolve(),
  }
}
