import type { Clock } from '../base/clock.ts'

/** Resolves after `delayMs`, or as soon as `signal` fires. */
export async function waitOrEnd(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const end = (): void => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.setTimer(delayMs, end)
    signal.addEventListener('abort', end, { once: true })
  })
}
