import { SendMessageRequestSchema, type SendMessageRequest } from '@llmchat/protocol/api/chat-schema'
import { maxQuestionChars } from '@llmchat/protocol/max-question-chars'
import { AppError } from '../../../base/app-error.ts'
import type { CreateId } from '../../../base/ids.ts'
import type { SendMessage } from '../../../generation/send-message.ts'
import type { StartedGeneration } from '../../../generation/start-generation.ts'
import type { RoutePlugin } from '../../app-types.ts'
import { isSignedIn } from '../../policies/is-signed-in.ts'
import { followAsSse, type SseDeps } from '../../sse/follow-as-sse.ts'
import { toEdit, type EditedQuestion } from './to-edit.ts'

export interface SendMessageDeps extends SseDeps {
  createId: CreateId
  startGeneration: (message: SendMessage) => Promise<StartedGeneration>
  /** A user message of this chat; null when there is none. */
  findQuestion: (key: {
    userId: string
    sessionId: string
    messageId: string
  }) => Promise<Omit<EditedQuestion, 'id'> | null>
}

/** `POST /api/chat`: accepts a message durably, then streams its answer from the beginning of its log. */
export function createSendMessageRoute(deps: SendMessageDeps): RoutePlugin {
  return (app) => {
    const schema = {
      summary: 'Send a message (or answer one again) and follow the answer',
      description: 'The AI SDK UI message stream; each frame has the id <generationId>:<seq>.',
      body: SendMessageRequestSchema,
      produces: ['text/event-stream'],
    }
    app.post('/api/chat', { config: { policy: isSignedIn('chat') }, schema }, async (request, reply) => {
      const message = toSendMessage(request.body, request.user.id, deps.createId)
      const { generationId } = await deps.startGeneration(await placeEdit(deps, request.body, message))
      await followAsSse(deps, reply, { userId: request.user.id, generationId, afterSeq: 0 })
    })
  }
}

/** `messageId` on a submit is an edit. An explicit `parentId` says more exactly where the message goes. */
async function placeEdit(deps: SendMessageDeps, body: SendMessageRequest, message: SendMessage): Promise<SendMessage> {
  const { question, userId, sessionId } = message
  const { messageId } = body
  if (!question || messageId === undefined || body.parentId !== undefined) return message
  const edited = await deps.findQuestion({ userId, sessionId, messageId })
  if (edited) return { ...message, ...toEdit(question, { ...edited, id: messageId }) }
  // The edited message never arrived here: it comes now, as a new one, under its own id.
  if (messageId === question.id) return message
  throw new AppError('message_not_found')
}

function toSendMessage(body: SendMessageRequest, userId: string, createId: CreateId): SendMessage {
  const trigger = body.trigger ?? 'submit-message'
  const common = {
    userId,
    sessionId: body.id,
    trigger,
    agentId: body.agentId ?? null,
    parentId: body.parentId,
    isContinuation: body.isContinuation ?? false,
  }
  if (trigger === 'regenerate-message') return { ...common, question: null, targetId: body.messageId ?? null }
  return { ...common, question: toQuestion(body, createId), targetId: null }
}

function toQuestion(body: SendMessageRequest, createId: CreateId): { id: string; text: string } {
  const last = body.messages.at(-1)
  if (last?.role !== 'user')
    throw new AppError('invalid_request', { message: 'The last message must be a user message.' })
  const text = (last.parts ?? []).map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join('')
  if (text.trim() === '') throw new AppError('invalid_request', { message: 'The message has no text.' })
  if (text.length > maxQuestionChars) throw new AppError('body_too_large', { details: { maxQuestionChars } })
  return { id: toMessageId(last.id, createId), text }
}

const messageIdPattern = /^[A-Za-z0-9._:-]{1,128}$/

function toMessageId(id: string | undefined, createId: CreateId): string {
  if (id === undefined || id === '') return createId()
  if (messageIdPattern.test(id)) return id
  throw new AppError('invalid_request', { message: 'The message id has characters that are not allowed.' })
}
