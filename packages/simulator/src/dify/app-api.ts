import { type Exchange, findBearer, type Reply } from '../http/exchange.ts'
import { findText, type JsonObject } from '../http/json-fields.ts'
import { selectPlan } from '../plan/select-plan.ts'
import type { AppStore, StoredConversation, StoredMessage } from './app-store.ts'
import { toDifyRefusal } from './dify-error.ts'

/** An endpoint beside `chat-messages`; `ids` are the parts of the path that its pattern captured. */
export type AppAnswer = (store: AppStore, exchange: Exchange, ids: readonly string[], defaultPlan: string) => Reply

const CONVERSATION_MISSING = toDifyRefusal(404, 'not_found', 'Conversation Not Exists.')

function toMode(exchange: Exchange, defaultPlan: string): string {
  const apiKey = findBearer(exchange)
  const { plan } = selectPlan({
    prompt: '',
    model: null,
    apiKey,
    header: null,
    defaultPlan,
  })
  if (plan.mode === 'workflow') return 'advanced-chat'
  return plan.mode === 'agent' ? 'agent-chat' : 'chat'
}

function toLimit(exchange: Exchange): number {
  const asked = Number(exchange.query.get('limit') ?? 20)
  return Number.isInteger(asked) && asked >= 1 && asked <= 100 ? asked : 20
}

function findOwn(store: AppStore, id: string, user: string | null): StoredConversation | null {
  const conversation = store.conversations.find(id)
  return conversation !== null && conversation.user === user ? conversation : null
}

function toWireMessage(message: StoredMessage, previous: StoredMessage | undefined): JsonObject {
  return {
    id: message.ids.messageId,
    conversation_id: message.ids.conversationId,
    parent_message_id: previous?.ids.messageId ?? null,
    inputs: message.inputs,
    query: message.query,
    answer: message.answer,
    status: message.status,
    error: message.error,
    message_files: [],
    feedback: message.rating === null ? null : { rating: message.rating },
    retriever_resources: [],
    agent_thoughts: [],
    created_at: message.createdAt,
  }
}

/** The newest page, or the one before `first_id`; within a page the oldest comes first. */
export const listMessages: AppAnswer = (store, exchange) => {
  const { query } = exchange
  const conversation = findOwn(store, query.get('conversation_id') ?? '', query.get('user'))
  if (conversation === null) return CONVERSATION_MISSING
  const limit = toLimit(exchange)
  const firstId = query.get('first_id') ?? ''
  const all = conversation.messages.map((message, index) => toWireMessage(message, conversation.messages[index - 1]))
  const before = firstId === '' ? all.length : all.findIndex((message) => message['id'] === firstId)
  if (before < 0) return toDifyRefusal(404, 'not_found', 'First Message Not Exists.')
  const start = Math.max(0, before - limit)
  return {
    status: 200,
    body: { limit, has_more: start > 0, data: all.slice(start, before) },
  }
}

export const listConversations: AppAnswer = (store, exchange) => {
  const limit = toLimit(exchange)
  const user = exchange.query.get('user')
  const all = store.conversations
    .list()
    .filter((conversation) => conversation.user === user)
    .sort((left, right) => right.changeNumber - left.changeNumber)
  const lastId = exchange.query.get('last_id') ?? ''
  const start = lastId === '' ? 0 : all.findIndex((conversation) => conversation.id === lastId) + 1
  const data = all.slice(start, start + limit).map((conversation) => ({
    id: conversation.id,
    name: conversation.name,
    inputs: conversation.inputs,
    status: 'normal',
    introduction: '',
    created_at: conversation.createdAt,
    updated_at: conversation.createdAt + conversation.changeNumber,
  }))
  return {
    status: 200,
    body: { limit, has_more: start + limit < all.length, data },
  }
}

export const deleteConversation: AppAnswer = (store, exchange, ids) => {
  const conversation = findOwn(store, ids[0] ?? '', findText(exchange.body, 'user'))
  if (conversation === null) return CONVERSATION_MISSING
  store.conversations.delete(conversation.id)
  return { status: 204, body: '' }
}

export const rateMessage: AppAnswer = (store, exchange, ids) => {
  const message = store.findMessage(ids[0] ?? '')
  if (message === null || message.user !== findText(exchange.body, 'user')) {
    return toDifyRefusal(404, 'not_found', 'Message Not Exists.')
  }
  const { rating } = exchange.body
  if (rating !== 'like' && rating !== 'dislike' && rating !== null) {
    return toDifyRefusal(400, 'invalid_param', 'rating must be like, dislike or null')
  }
  message.rating = rating
  return { status: 200, body: { result: 'success' } }
}

/** A stop by another user also answers success, and stops nothing. */
export const stopTask: AppAnswer = (store, exchange, ids) => {
  const user = findText(exchange.body, 'user')
  if (user === null) return toDifyRefusal(400, 'invalid_param', 'user is required')
  const stored = store.runs.find(ids[0] ?? '')
  if (stored !== null && stored.user === user) stored.run.stop()
  return { status: 200, body: { result: 'success' } }
}

export const getInfo: AppAnswer = (_store, exchange, _ids, defaultPlan) => {
  const mode = toMode(exchange, defaultPlan)
  const body = {
    name: 'Simulated app',
    description: 'A simulated Dify app',
    tags: [],
    mode,
    author_name: 'simulator',
  }
  return { status: 200, body }
}

export const getParameters: AppAnswer = () => {
  const off = { enabled: false }
  const image = {
    enabled: true,
    number_limits: 3,
    transfer_methods: ['remote_url', 'local_file'],
  }
  return {
    status: 200,
    body: {
      opening_statement: 'Hello, I am a simulated Dify app. 你好！',
      suggested_questions: ['What can you do?', '你能做什么？'],
      suggested_questions_after_answer: off,
      speech_to_text: off,
      text_to_speech: off,
      retriever_resource: { enabled: true },
      annotation_reply: off,
      user_input_form: [
        {
          'text-input': {
            label: 'Name',
            variable: 'name',
            required: false,
            max_length: 48,
            default: '',
          },
        },
      ],
      file_upload: { image },
      system_parameters: { file_size_limit: 15, image_file_size_limit: 10 },
    },
  }
}
