import type { ChatEvent } from '@llmchat/protocol/chat-event'
import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import { unfoldMessage } from '@llmchat/protocol/unfold-message'
import type { ViewFrame } from '../../../generation/view-frames.ts'

/** The log holds what this software wrote; it is no foreign input. */
export function toEvent(frame: ViewFrame): ChatEvent {
  return JSON.parse(frame.data) as ChatEvent
}

/** A stored answer as the events it came from. */
export function toStoredEvents(generationId: string, message: FoldedMessage): ChatEvent[] {
  const metadata = { generationId, sessionId: null, parentId: null, agentId: message.agentId ?? '' }
  const finishReason = message.delivery.state === 'complete' ? message.delivery.finishReason : 'stop'
  return [...unfoldMessage(message, message.messageId ?? generationId, metadata), { type: 'finish', finishReason }]
}
