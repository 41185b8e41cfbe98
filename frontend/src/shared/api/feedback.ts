import type { FeedbackRequest } from '@llmchat/protocol/api/chat-schema'
import { requestJson } from './request-json.ts'

/** Sets or, with a null rating, takes back what a person thinks of an answer. */
export function sendFeedback(body: FeedbackRequest): Promise<void> {
  return requestJson('/api/chat/feedback', { method: 'POST', body })
}
