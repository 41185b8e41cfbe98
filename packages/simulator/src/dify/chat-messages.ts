import { type Exchange, findBearer, type Reply, sendReply } from '../http/exchange.ts'
import { findText, isJsonObject, type JsonObject, toObject } from '../http/json-fields.ts'
import { type AdmittedGeneration, admitGeneration } from '../run/admit-generation.ts'
import type { RunProgress, StreamSource } from '../run/beat.ts'
import type { SimulatorContext } from '../run/simulator-context.ts'
import { openBlockingRun, openStreamRun, type RunRequest } from '../run/start-run.ts'
import type { RunOutcome, StreamRun } from '../run/stream-run.ts'
import { toFixedCreatedAt } from '../text/stable-hash.ts'
import type { AppStore, StoredConversation, StoredMessage, StoredRun } from './app-store.ts'
import { createAgentAppSource, createChatAppSource } from './chat-frames.ts'
import { createChatflowSource, toFlowFinishedFrame } from './chatflow-frames.ts'
import { toDifyErrorReply, toDifyRefusal } from './dify-error.ts'
import { type DifyTurn, toAnswerText, toDifyIds, toDifyMetadata } from './dify-turn.ts'

const HEARTBEAT_MS = 10_000
export const DIFY_STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
}

function findProblem(body: JsonObject): string | null {
  if (!isJsonObject(body['inputs'])) return 'inputs is required in input form'
  if ((findText(body, 'query') ?? '') === '') return 'query is required'
  if ((findText(body, 'user') ?? '') === '') return 'user is required'
  const mode = body['response_mode']
  if (mode !== undefined && mode !== 'streaming' && mode !== 'blocking')
    return 'response_mode must be streaming or blocking'
  return null
}

function createSource(turn: DifyTurn): StreamSource {
  const { mode } = turn.admitted.plan
  if (mode === 'workflow') return createChatflowSource(turn)
  return mode === 'agent' ? createAgentAppSource(turn) : createChatAppSource(turn)
}

function toBlockingReply(turn: DifyTurn, progress: RunProgress): Reply {
  const { taskId, messageId, conversationId } = turn.ids
  return {
    status: 200,
    body: {
      event: 'message',
      task_id: taskId,
      id: messageId,
      message_id: messageId,
      conversation_id: conversationId,
      mode: turn.admitted.plan.mode === 'workflow' ? 'advanced-chat' : 'chat',
      answer: toAnswerText(turn, progress),
      metadata: toDifyMetadata(turn, progress),
      created_at: toFixedCreatedAt(turn.admitted.seed),
    },
  }
}

function createConversation(store: AppStore, turn: DifyTurn): StoredConversation {
  const conversation: StoredConversation = {
    id: turn.ids.conversationId,
    user: turn.user,
    name: turn.query.slice(0, 20),
    inputs: turn.inputs,
    createdAt: toFixedCreatedAt(turn.admitted.seed),
    changeNumber: 0,
    messages: [],
  }
  store.conversations.set(conversation.id, conversation)
  return conversation
}

function storeMessage(store: AppStore, turn: DifyTurn): StoredMessage {
  const conversation = store.conversations.find(turn.ids.conversationId) ?? createConversation(store, turn)
  const message: StoredMessage = {
    ids: turn.ids,
    user: turn.user,
    inputs: conversation.inputs,
    query: turn.query,
    answer: '',
    status: 'normal',
    error: null,
    rating: null,
    createdAt: toFixedCreatedAt(turn.admitted.seed),
  }
  conversation.messages.push(message)
  store.touch(conversation)
  return message
}

/** Puts the ended run into the store; its frames are no longer needed, a finished run answers with one event. */
function closeStored(turn: DifyTurn, message: StoredMessage, stored: StoredRun, outcome: RunOutcome): void {
  const { progress, frames } = stored.run
  const error = outcome === 'failed' ? 'simulated in-stream error' : null
  message.answer = toAnswerText(turn, progress)
  message.status = error === null ? 'normal' : 'error'
  message.error = error
  const status = outcome === 'finished' ? 'succeeded' : outcome === 'stopped' ? 'stopped' : 'failed'
  stored.finishedFrame = toFlowFinishedFrame(turn, progress, status, error)
  frames.length = 0
}

function openTurn(context: SimulatorContext, store: AppStore, exchange: Exchange, turn: DifyTurn): void {
  const { admitted } = turn
  const isWorkflow = admitted.plan.mode === 'workflow'
  const isBlocking = exchange.body['response_mode'] !== 'streaming'
  if (isBlocking && admitted.plan.mode === 'agent') {
    admitted.ticket.end('faulted')
    const message = 'Agent Chat App does not support blocking mode'
    sendReply(exchange.response, toDifyRefusal(400, 'invalid_param', message))
    return
  }
  const message = storeMessage(store, turn)
  const kept: { entry: StoredRun | null } = { entry: null }
  const request: RunRequest = {
    exchange,
    admitted,
    source: createSource(turn),
    heartbeatMs: HEARTBEAT_MS,
    survivesClient: true,
    keepsFrames: isWorkflow,
    onEnd: (_run, outcome) => {
      if (kept.entry !== null) closeStored(turn, message, kept.entry, outcome)
    },
  }
  const run: StreamRun = isBlocking
    ? openBlockingRun(context, request, {
        toReply: (ended) => toBlockingReply(turn, ended.progress),
        toErrorReply: toDifyErrorReply,
      })
    : openStreamRun(context, request, { headers: DIFY_STREAM_HEADERS })
  const { ids, user } = turn
  kept.entry = {
    ids,
    user,
    run,
    isWorkflow,
    answerTokens: admitted.text.answer,
    finishedFrame: null,
  }
  store.runs.set(ids.taskId, kept.entry)
  run.start()
}

function toTurn(exchange: Exchange, admitted: AdmittedGeneration): DifyTurn {
  const { body } = exchange
  return {
    admitted,
    ids: toDifyIds(admitted.idKey, findText(body, 'conversation_id') ?? ''),
    query: findText(body, 'query') ?? '',
    inputs: toObject(body, 'inputs'),
    user: findText(body, 'user') ?? '',
  }
}

/** `POST chat-messages`, streamed or in one piece. The run goes on without its client. */
export function handleChatMessages(context: SimulatorContext, store: AppStore, exchange: Exchange): void {
  const { body } = exchange
  const refuse = (reply: Reply): void => {
    context.counters.open('dify').end('faulted')
    sendReply(exchange.response, reply)
  }
  const problem = findProblem(body)
  if (problem !== null) {
    refuse(toDifyRefusal(400, 'invalid_param', problem))
    return
  }
  const conversationId = findText(body, 'conversation_id') ?? ''
  if (conversationId !== '' && store.conversations.find(conversationId)?.user !== findText(body, 'user')) {
    refuse(toDifyRefusal(404, 'not_found', 'Conversation Not Exists.'))
    return
  }
  const request = {
    provider: 'dify',
    exchange,
    prompt: findText(body, 'query') ?? '',
    model: null,
    apiKey: findBearer(exchange),
    prefill: null,
    maxTokens: null,
    toErrorReply: toDifyErrorReply,
  } as const
  admitGeneration(context, request, (admitted) => {
    openTurn(context, store, exchange, toTurn(exchange, admitted))
  })
}
