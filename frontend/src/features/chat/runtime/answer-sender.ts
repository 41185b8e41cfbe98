import type { ChatMessage, SendMessageRequest } from '@llmchat/protocol/api/chat-schema'
import { ApiError, toApiError } from '../../../shared/api/api-error.ts'
import { toSendRequest } from '../../../shared/api/messages.ts'
import { resumeHeaders, silenceLimitMs } from '../stream/answer-stream.ts'
import type { AnswerStreamDeps } from '../stream/answer-stream.ts'
import { withAccepted, withOutgoing, withoutOutgoing } from '../stream/chat-state.ts'
import type { Outgoing } from '../stream/chat-state.ts'
import type { ChatStore } from '../stream/chat-store.ts'
import type { ChatReader } from './chat-reader.ts'

export interface Submission {
  body: SendMessageRequest
  outgoing: Omit<Outgoing, 'phase' | 'previousLeafId'>
  /** The user's message; null when an answer is made again. */
  question: ChatMessage | null
  /** False for a repeat: what waits in sight of the composer moves into the thread only when it is acknowledged. */
  isPaintedAtOnce: boolean
}

export interface AnswerSenderDeps extends AnswerStreamDeps {
  store: ChatStore
  reader: ChatReader
}

/**
 * One attempt to have an answer made: painted in the same frame, unless it is a repeat, then sent. Null: acknowledged, and followed if its chat
 * is on the screen; the answer goes on either way. Else what went wrong, with the thread as it was before.
 */
export async function submitAnswer(deps: AnswerSenderDeps, submission: Submission): Promise<ApiError | null> {
  const { store, reader, clock } = deps
  const { body, outgoing, question, isPaintedAtOnce } = submission
  const paint = () => store.change(body.id, (entry) => withOutgoing(entry, outgoing, question))
  if (isPaintedAtOnce) paint()
  const controller = new AbortController()
  // A proxy may swallow a request; sending it again is safe, waiting for ever is not.
  const cancelTimer = clock.schedule(() => controller.abort(), silenceLimitMs)
  try {
    const options = { ...toSendRequest(body), headers: resumeHeaders, signal: controller.signal }
    const response = await deps.request('/api/chat', options)
    if (!isPaintedAtOnce) paint()
    store.change(body.id, withAccepted)
    if (reader.isShown(body.id)) reader.adopt(body.id, response)
    else {
      store.change(body.id, withoutOutgoing)
      void response.body?.cancel().catch(() => undefined)
    }
    return null
  } catch (thrown) {
    if (isPaintedAtOnce) store.change(body.id, withoutOutgoing)
    if (!controller.signal.aborted) return toApiError(thrown)
    const message = 'The server did not answer.'
    return new ApiError({ code: 'network', message, requestId: null, status: 0, retryAfterMs: null })
  } finally {
    cancelTimer()
  }
}
