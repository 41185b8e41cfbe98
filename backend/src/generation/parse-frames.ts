import type { ChatEvent } from '@llmchat/protocol/chat-event'
import type { LogFrame } from '../stream-log/stream-log.ts'

/** The events of frames that this software wrote itself; the log is not a foreign input. */
export function toChatEvents(frames: readonly LogFrame[]): ChatEvent[] {
  return frames.map((frame) => JSON.parse(frame.data) as ChatEvent)
}
