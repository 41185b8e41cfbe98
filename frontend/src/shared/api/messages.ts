import type { ChatMessagePage, SendMessageRequest } from '@llmchat/protocol/api/chat-schema'
import type { RequestOptions } from './request-json.ts'
import { requestJson } from './request-json.ts'

/** Messages of all branches, oldest first; without a cursor the newest page. Throws `chat_session_not_found`. */
export function listMessages(sessionId: string, cursor: string | null = null): Promise<ChatMessagePage> {
  const query = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`
  return requestJson(`/api/chat/sessions/${encodeURIComponent(sessionId)}/messages${query}`)
}

/** The request that starts an answer (or re-attaches to the one this message has already started). */
export function toSendRequest(body: SendMessageRequest): RequestOptions {
  return { method: 'POST', body }
}

/** Stops the named answer, or the newest running one; the resulting state comes back. Safe to repeat. */
export function stopAnswer(
  sessionId: string,
  generationId: string | null,
): Promise<{ generationId: string | null; state: string }> {
  const body = generationId === null ? {} : { generationId }
  return requestJson(`/api/chat/${encodeURIComponent(sessionId)}/stop`, { method: 'POST', body })
}
