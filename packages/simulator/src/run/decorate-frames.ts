import type { ActiveFaults } from '../plan/fault-gate.ts'
import type { Beat, StreamSource } from './beat.ts'

const BIG_EVENT_BYTES = 1_048_576

/** Rewrites one beat for the faults that change the framing; null when no such fault strikes. */
export type FrameDecorator = (beat: Beat) => string

function isToken(beat: Beat): boolean {
  return beat.kind === 'answer' || beat.kind === 'reasoning'
}

/** The decorator for `comments`, `unknown-events`, `big-event` and `crlf`, or null when none of them strikes. */
export function createFrameDecorator(faults: ActiveFaults, source: StreamSource): FrameDecorator | null {
  const hasComments = faults.has('comments')
  const hasUnknown = faults.has('unknown-events')
  const isCrlf = faults.has('crlf')
  let isBigEventDue = faults.has('big-event')
  if (!hasComments && !hasUnknown && !isCrlf && !isBigEventDue) return null
  let count = 0

  return (beat) => {
    let frame = beat.frame
    if (isBigEventDue && isToken(beat)) {
      isBigEventDue = false
      frame = frame.replace(/\}\n\n$/, `,"padding":"${'x'.repeat(BIG_EVENT_BYTES)}"}\n\n`)
    }
    if (hasUnknown && count % 3 === 0) frame = source.unknownFrame + frame
    if (hasComments) frame = `: comment ${String(count)}\n\n${frame}`
    count += 1
    return isCrlf ? frame.replaceAll('\n', '\r\n') : frame
  }
}
