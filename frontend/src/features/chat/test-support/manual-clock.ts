import type { Clock } from '../stream/clock.ts'

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  advance: (ms: number) => void
  /** How long until the next scheduled run, per waiting run, soonest first. */
  listDelaysMs: () => number[]
}

export function createManualClock(startMs = 1_000_000): ManualClock {
  let nowMs = startMs
  let waiting: { atMs: number; run: () => void }[] = []
  return {
    now: () => nowMs,
    schedule(run, delayMs) {
      const entry = { atMs: nowMs + delayMs, run }
      waiting.push(entry)
      return () => {
        waiting = waiting.filter((other) => other !== entry)
      }
    },
    advance(ms) {
      const untilMs = nowMs + ms
      for (;;) {
        const [next] = waiting.filter((entry) => entry.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)
        if (!next) break
        waiting = waiting.filter((entry) => entry !== next)
        nowMs = next.atMs
        next.run()
      }
      nowMs = untilMs
    },
    listDelaysMs: () => waiting.map((entry) => entry.atMs - nowMs).sort((a, b) => a - b),
  }
}
