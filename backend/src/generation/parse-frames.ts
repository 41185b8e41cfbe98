import type { ChatEvent } from '@llmchat/protocol/chat-event'
import type { UpstreamIds } from '../providers/provider-part.ts'
import type { LogFrame } from '../stream-log/stream-log.ts'
import { isOwnerNote, type OwnerNote } from './owner-note.ts'

/** The events of frames that this software wrote itself; the log is not a foreign input. */
export function toChatEvents(frames: readonly LogFrame[]): ChatEvent[] {
  return frames.filter((frame) => !isOwnerNote(frame)).map((frame) => JSON.parse(frame.data) as ChatEvent)
}

/** The last note that an owner left among these frames, and its seq. */
export function findLastNote(frames: readonly LogFrame[]): { seq: number; upstream: UpstreamIds } | null {
  const frame = frames.findLast(isOwnerNote)
  return frame ? { seq: frame.seq, upstream: (JSON.parse(frame.data) as OwnerNote).upstream } : null
}
