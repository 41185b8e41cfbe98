import { AppError } from '../base/app-error.ts'
import type { AcceptContext } from '../chat/accept-context.ts'
import type { SendMessage } from './send-message.ts'

interface Attachment {
  generationId: string
  messageId: string
}

/**
 * The generation that a repeated request means, or null when the request is new. Errors: `message_id_conflict` when the
 * id was used for another text, or other files.
 */
export function findAttachment(message: SendMessage, context: AcceptContext): Attachment | null {
  const { named } = context
  if (!named) return null
  if (message.question) {
    const isSame =
      named.sessionId === message.sessionId &&
      named.role === 'user' &&
      named.body === message.question.text &&
      named.fileIds.join() === message.question.fileIds.join()
    if (!isSame || !context.answer) throw new AppError('message_id_conflict')
    return { generationId: context.answer.generationId, messageId: context.answer.messageId }
  }
  if (named.isRunning && named.generationId && named.sessionId === message.sessionId)
    return { generationId: named.generationId, messageId: named.id }
  return null
}

/** Errors: `message_not_found` for a place that does not exist, `generation_running` below an unfinished answer. */
export function assertCanAccept(message: SendMessage, context: AcceptContext): void {
  const place = context.chain.at(-1)
  if (message.question) {
    const names = message.parentId === undefined ? (context.session?.activeLeafId ?? null) : message.parentId
    if (names !== null && !place) throw new AppError('message_not_found')
    if (place?.isRunning) throw new AppError('generation_running')
    return
  }
  if (!context.session) throw new AppError('chat_session_not_found')
  if (place?.role !== 'user') throw new AppError('message_not_found')
}
