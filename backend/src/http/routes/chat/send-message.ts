import { SendMessageRequestSchema, type SendMessageRequest } from '@llmchat/protocol/api/chat-schema'
import { findUploadId } from '@llmchat/protocol/upload-url'
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
  /** In one message. */
  maxFiles: number
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
      const message = toSendMessage(request.body, request.user.id, deps)
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

type QuestionDeps = Pick<SendMessageDeps, 'createId' | 'maxFiles'>

function toSendMessage(body: SendMessageRequest, userId: string, deps: QuestionDeps): SendMessage {
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
  return { ...common, question: toQuestion(body, deps), targetId: null }
}

function toQuestion(body: SendMessageRequest, deps: QuestionDeps): NonNullable<SendMessage['question']> {
  const last = body.messages.at(-1)
  if (last?.role !== 'user')
    throw new AppError('invalid_request', { message: 'The last message must be a user message.' })
  const text = (last.parts ?? []).map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join('')
  const fileIds = toFileIds(last.parts ?? [])
  if (text.trim() === '' && fileIds.length === 0)
    throw new AppError('invalid_request', { message: 'The message has no text.' })
  if (fileIds.length > deps.maxFiles) throw new AppError('too_many_files', { details: { maxFiles: deps.maxFiles } })
  if (text.length > maxQuestionChars) throw new AppError('body_too_large', { details: { maxQuestionChars } })
  return { id: toMessageId(last.id, deps.createId), text, fileIds }
}

/** Each once. A file that did not come here first is nothing that we could keep. */
function toFileIds(parts: NonNullable<SendMessageRequest['messages'][number]['parts']>): string[] {
  const urls = parts.filter((part) => part.type === 'file').map((part) => part.url ?? '')
  const ids = urls.map((url) => {
    const id = findUploadId(url)
    if (id === null) throw new AppError('invalid_request', { message: 'A file is sent as the url of an upload.' })
    return id
  })
  return [...new Set(ids)]
}

const messageIdPattern = /^[A-Za-z0-9._:-]{1,128}$/

function toMessageId(id: string | undefined, createId: CreateId): string {
  if (id === undefined || id === '') return createId()
  if (messageIdPattern.test(id)) return id
  throw new AppError('invalid_request', { message: 'The message id has characters that are not allowed.' })
}
