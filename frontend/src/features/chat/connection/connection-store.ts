import { createStore } from 'zustand/vanilla'
import type { StoreApi } from 'zustand/vanilla'

/** Who noticed that the server is not reached. */
export type ConnectionSource = 'stream' | 'outbox' | 'list'

export interface ConnectionState {
  /** When the next try comes, by who waits; empty while all is well. Milliseconds since the epoch. */
  retryAtMs: Readonly<Partial<Record<ConnectionSource, number>>>
}

export interface ConnectionStore extends Pick<StoreApi<ConnectionState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Null: that source reaches the server again. */
  report: (source: ConnectionSource, lost: { retryAtMs: number } | null) => void
}

export function createConnectionStore(): ConnectionStore {
  const store = createStore<ConnectionState>(() => ({ retryAtMs: {} }))
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    report(source, lost) {
      const { [source]: before, ...others } = store.getState().retryAtMs
      if (lost) store.setState({ retryAtMs: { ...others, [source]: lost.retryAtMs } })
      else if (before !== undefined) store.setState({ retryAtMs: others })
    },
  }
}

/** The earliest next try, or null when the server is reached. */
export function toNextTryMs({ retryAtMs }: ConnectionState): number | null {
  const times = Object.values(retryAtMs)
  return times.length === 0 ? null : Math.min(...times)
}
