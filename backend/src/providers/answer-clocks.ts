import type { ErrorCode } from '@llmchat/protocol/error-code'
import type { Clock } from '../base/clock.ts'

/** Limits of one attempt, ms. */
export interface AnswerLimits {
  /** Until there is a connection. */
  connectMs: number
  /** From the start until the first content. */
  firstContentMs: number
  /** Between two pieces of content; keep-alives count for nothing. */
  idleMs: number
}

export interface AnswerClocks {
  /** Content arrived: the idle clock starts anew. */
  sawContent(): void
  /** The success marker arrived: from now on at most `readOnMs` more. */
  sawFinish(readOnMs: number): void
  /** What ran out, or null. `finish`: only the time for late figures. */
  expired(): ErrorCode | 'finish' | null
  stop(): void
}

/** Starts the clocks. One timer, put off when it fires rather than at every piece of content. */
export function startAnswerClocks(deps: { clock: Clock; limits: AnswerLimits; onExpired: () => void }): AnswerClocks {
  const { clock, limits } = deps
  let deadlineMs = clock.monotonicMs() + limits.firstContentMs
  let meaning: ErrorCode | 'finish' = 'upstream_no_content'
  let expired: ErrorCode | 'finish' | null = null
  let cancel = clock.setTimer(limits.firstContentMs, check)

  function check(): void {
    const leftMs = deadlineMs - clock.monotonicMs()
    if (leftMs > 0) {
      cancel = clock.setTimer(leftMs, check)
      return
    }
    expired = meaning
    deps.onExpired()
  }

  /** A nearer deadline needs its own timer, a later one only a new look. */
  function setDeadline(delayMs: number, next: ErrorCode | 'finish'): void {
    const before = deadlineMs
    deadlineMs = clock.monotonicMs() + delayMs
    meaning = next
    if (deadlineMs >= before) return
    cancel()
    cancel = clock.setTimer(delayMs, check)
  }

  return {
    sawContent() {
      if (meaning !== 'finish') setDeadline(limits.idleMs, 'upstream_idle')
    },
    sawFinish: (readOnMs) => setDeadline(readOnMs, 'finish'),
    expired: () => expired,
    stop: () => cancel(),
  }
}
