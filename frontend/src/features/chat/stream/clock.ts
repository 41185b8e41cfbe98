/** The time as the chat sees it, passed in so that a test can move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now: () => number
  /** Runs `run` once after `delayMs`; the returned function calls it off. */
  schedule: (run: () => void, delayMs: number) => () => void
}

export const browserClock: Clock = {
  now: () => Date.now(),
  schedule(run, delayMs) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/**
 * Waits `delayMs`, or shorter: until `listen` calls back (the network is there again, the tab is looked at) or `signal`
 * aborts. Never fails.
 */
export function waitFor(
  clock: Clock,
  delayMs: number,
  wake: { listen: (wake: () => void) => () => void; signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve) => {
    if (wake.signal.aborted) {
      resolve()
      return
    }
    const finish = () => {
      cancelTimer()
      stopListening()
      wake.signal.removeEventListener('abort', finish)
      resolve()
    }
    const cancelTimer = clock.schedule(finish, delayMs)
    const stopListening = wake.listen(finish)
    wake.signal.addEventListener('abort', finish)
  })
}
