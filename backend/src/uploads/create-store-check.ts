import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { FileStore } from './file-store.ts'

/** Health is asked often, by anybody: each look would be a request to a bucket. */
const freshMs = 10_000
/** A folder over the network hangs where it is away. */
const limitMs = 2_000

/** Whether files can be kept now, looked at when asked and remembered for a while. Errors: `file_store_unavailable`. */
export function createStoreCheck(deps: { store: Pick<FileStore, 'check'>; clock: Clock }): () => Promise<void> {
  const { store, clock } = deps
  let latest: { atMs: number; look: Promise<void> } | null = null

  async function look(): Promise<void> {
    let cancel = (): void => undefined
    const late = new Promise<never>((_resolve, reject) => {
      cancel = clock.setTimer(limitMs, () => reject(new AppError('file_store_unavailable')))
    })
    await Promise.race([store.check(), late]).finally(cancel)
  }

  return () => {
    const nowMs = clock.monotonicMs()
    if (latest === null || nowMs - latest.atMs >= freshMs) latest = { atMs: nowMs, look: look() }
    return latest.look
  }
}
