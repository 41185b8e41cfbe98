import type { Clock } from '../../backend/src/base/clock.ts'

export interface ManualClock extends Clock {
  /** Lets time pass; timers that fall due run in order. */
  pass(ms: number): void
  /** The same, and lets what they woke run in between. */
  passAsync(ms: number): Promise<void>
}

/** A clock that stands still until a test moves it. */
export function createManualClock(startMs = 0): ManualClock {
  let nowMs = startMs
  let timers: { atMs: number; callback: () => void }[] = []

  function takeDue(untilMs: number): (() => void) | null {
    const due = timers.filter((timer) => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]
    if (!due) return null
    timers = timers.filter((timer) => timer !== due)
    nowMs = Math.max(nowMs, due.atMs)
    return due.callback
  }

  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    setTimer(delayMs, callback) {
      const timer = { atMs: nowMs + delayMs, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    pass(ms) {
      const untilMs = nowMs + ms
      for (let due = takeDue(untilMs); due; due = takeDue(untilMs)) due()
      nowMs = untilMs
    },
    async passAsync(ms) {
      const untilMs = nowMs + ms
      await settle()
      for (let due = takeDue(untilMs); due; due = takeDue(untilMs)) {
        due()
        await settle()
      }
      nowMs = untilMs
      await settle()
    },
  }
}

/** Long enough for any chain of promises that waits for nothing outside. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
