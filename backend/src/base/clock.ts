/** Time as a dependency, so that tests decide it. */
export interface Clock {
  /** Wall clock, ms since the epoch. */
  nowMs(): number
  /** Never goes back; ms from an arbitrary start. */
  monotonicMs(): number
  /** Calls back once after `delayMs`; the returned function cancels. Does not keep the process alive. */
  setTimer(delayMs: number, callback: () => void): () => void
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
