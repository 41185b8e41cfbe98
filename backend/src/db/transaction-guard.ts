import { AsyncLocalStorage } from 'node:async_hooks'

export interface TransactionGuard {
  /** Runs `work` as the inside of a transaction. */
  enter<T>(work: () => Promise<T>): Promise<T>
  /** Throws inside a transaction. */
  refuseInside(): void
}

/**
 * With one connection, a statement sent past the transaction's handle waits for the transaction, which waits for the
 * statement: for ever. With several it silently runs outside. So it is refused, at once and on both engines.
 */
export function createTransactionGuard(): TransactionGuard {
  const storage = new AsyncLocalStorage<{ isOpen: boolean }>()
  let openCount = 0
  return {
    enter(work) {
      openCount += 1
      // What was started inside but lives on after the end must not be refused for ever.
      const state = { isOpen: true }
      return storage.run(state, async () => {
        try {
          return await work()
        } finally {
          state.isOpen = false
          openCount -= 1
          // While a store is in use, Node 20 runs a hook for every promise of the process; streaming has many.
          if (openCount === 0) storage.disable()
        }
      })
    },
    refuseInside() {
      if (storage.getStore()?.isOpen === true) {
        throw new Error('inside a transaction only its own handle may be used, not the database')
      }
    },
  }
}
