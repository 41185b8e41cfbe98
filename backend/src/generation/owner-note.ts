import type { UpstreamIds } from '../providers/provider-part.ts'

/**
 * What an owner leaves in the log for the next one, in the same append as the text it belongs to: how the upstream calls
 * its run. Without it text could be shown whose run nobody finds again, because its owner died before a checkpoint.
 * Viewers never see it.
 */
export interface OwnerNote {
  type: 'owner-note'
  /** As of this place in the log. */
  upstream: UpstreamIds
}

const opening = '{"type":"owner-note"'

export function toOwnerNote(upstream: UpstreamIds): OwnerNote {
  return { type: 'owner-note', upstream }
}

export function isOwnerNote(frame: { data: string }): boolean {
  return frame.data.startsWith(opening)
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
