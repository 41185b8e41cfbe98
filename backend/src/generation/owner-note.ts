import type { UpstreamIds } from '../providers/provider-part.ts'
import type { LogFrame } from '../stream-log/stream-log.ts'

/**
 * What an owner leaves in the log for the next one, in the same append as the text it belongs to: how the upstream calls
 * its run. Without it text could be shown whose run nobody finds again, because its owner died before a checkpoint. The
 * last note among these frames, and the seq as of which it holds.
 */
export function findLastNote(frames: readonly LogFrame[]): { seq: number; upstream: UpstreamIds } | null {
  const frame = frames.findLast(({ ownerNote }) => ownerNote !== undefined)
  return frame?.ownerNote === undefined
    ? null
    : { seq: frame.seq, upstream: JSON.parse(frame.ownerNote) as UpstreamIds }
}

/** Whether it is another run, and not only a later position in the same one. */
export function isOtherRun(before: UpstreamIds, now: UpstreamIds): boolean {
  return (
    before.conversationId !== now.conversationId ||
    before.messageId !== now.messageId ||
    before.taskId !== now.taskId ||
    before.runId !== now.runId
  )
}
