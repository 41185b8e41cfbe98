import type { Clock } from '../base/clock.ts'
import type { AppendResult } from './redis-log-store.ts'
import type { AppendRequest } from './stream-log.ts'

interface Waiting {
  requests: readonly AppendRequest[]
  settle: (results: AppendResult[]) => void
}

/** What makes an answer begin is never held back: its first events come before this seq of a log that begins at 0. */
const firstSeqs = 6

/**
 * Joins the appends of an instance: one script call per tick, whatever the number of generations and of turns of the
 * event loop they came from. Who has been quiet for a tick, and the beginning of an answer, wait for nothing.
 */
export function createAppendGatherer(deps: {
  clock: Clock
  tickMs: number
  append: (requests: readonly AppendRequest[]) => Promise<AppendResult[]>
}): (requests: readonly AppendRequest[]) => Promise<AppendResult[]> {
  let waiting: Waiting[] = []
  let sentMs = -deps.tickMs
  let cancelTimer: (() => void) | null = null

  async function send(): Promise<void> {
    cancelTimer?.()
    cancelTimer = null
    const sent = waiting
    waiting = []
    sentMs = deps.clock.monotonicMs()
    const results = await deps.append(sent.flatMap((one) => one.requests))
    let at = 0
    for (const { requests, settle } of sent) {
      settle(results.slice(at, at + requests.length))
      at += requests.length
    }
  }

  return (requests) =>
    new Promise((settle) => {
      waiting.push({ requests, settle })
      const restMs = sentMs + deps.tickMs - deps.clock.monotonicMs()
      if (restMs <= 0 || requests.some((request) => request.expectedLastSeq < firstSeqs)) void send()
      else cancelTimer ??= deps.clock.setTimer(restMs, () => void send())
    })
}
