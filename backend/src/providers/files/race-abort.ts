import { toAbortError } from '../../outbound/exchange.ts'

/** Settles as `work` does, but rejects at once when `signal` fires: what hangs is left to itself then. */
export function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(toAbortError())
    const letGo = (): void => signal.removeEventListener('abort', onAbort)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    work.then(resolve, reject).finally(letGo)
  })
}
