import { type Exchange, findBearer, type Reply, sendReply } from '../http/exchange.ts'
import { findText, type JsonObject, listObjects, toContentText } from '../http/json-fields.ts'
import { toLastUserPrompt } from '../openai/chat-request.ts'
import { type AdmittedGeneration, admitGeneration } from '../run/admit-generation.ts'
import type { SimulatorContext } from '../run/simulator-context.ts'
import { openBlockingRun, openStreamRun, type RunRequest } from '../run/start-run.ts'
import type { RunOutcome, StreamRun } from '../run/stream-run.ts'
import { toHexDigits, toStableHash } from '../text/stable-hash.ts'
import type { ChatRecord, ChatStore, StoredChat } from './chat-store.ts'
import { createFastgptErrorReply, toFastgptRefusal } from './fastgpt-error.ts'
import { isInteractiveAnswer, toInteractive } from './interactive.ts'
import { listAnswerValues, listNodeResponses, type WorkflowRequest } from './workflow.ts'
import { createWorkflowSource } from './workflow-frames.ts'

const STREAM_HEADERS = {
  'content-type': 'text/event-stream;charset=utf-8',
  'access-control-allow-origin': '*',
  'x-accel-buffering': 'no',
  'cache-control': 'no-cache, no-transform',
}
const HEARTBEAT_MS = 10_000

/** The app a key belongs to, where the request names none; plan suffixes do not make another app. */
function toAppId(exchange: Exchange): string {
  const named = findText(exchange.body, 'appId')
  if (named !== null && named !== '') return named
  const key = (findBearer(exchange) ?? '').split(':')[0] ?? ''
  return toHexDigits(toStableHash(key), 'app', 24)
}

function toRecord(dataId: string, obj: ChatRecord['obj'], value: JsonObject[], responseData: JsonObject[]): ChatRecord {
  return {
    dataId,
    obj,
    value,
    responseData,
    userGoodFeedback: null,
    userBadFeedback: null,
  }
}

function toPlainReply(request: WorkflowRequest, run: StreamRun): Reply {
  const values = listAnswerValues(request, run.progress)
  const isText = values.length === 1 && values[0]?.['type'] === 'text'
  const text = request.admitted.text.answer.slice(0, run.progress.answerTokens).join('')
  const hasParts = request.isDetailed && !isText
  const detail = {
    responseData: listNodeResponses(request, run.progress),
    newVariables: {},
  }
  return {
    status: 200,
    body: {
      ...(request.isDetailed ? detail : {}),
      id: request.chatId,
      model: '',
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 1 },
      choices: [
        {
          message: { role: 'assistant', content: hasParts ? values : text },
          finish_reason: 'stop',
          index: 0,
        },
      ],
    },
  }
}

interface Turn {
  exchange: Exchange
  version: 'v1' | 'v2'
  isStream: boolean
  isDetailed: boolean
  appId: string
  chatId: string
  prompt: string
  /** Null without a chat id: then nothing is stored. */
  chat: StoredChat | null
}

function toTurn(exchange: Exchange, version: 'v1' | 'v2', store: ChatStore): Turn {
  const { body } = exchange
  const appId = toAppId(exchange)
  const chatId = findText(body, 'chatId') ?? ''
  return {
    exchange,
    version,
    isStream: body['stream'] === true,
    isDetailed: body['detail'] === true,
    appId,
    chatId,
    prompt: toLastUserPrompt(listObjects(body, 'messages')),
    chat: chatId === '' ? null : store.getOrCreate(chatId, appId),
  }
}

function storeTurn(turn: Turn, chat: StoredChat, request: WorkflowRequest, run: StreamRun): void {
  const { admitted } = request
  const { body } = turn.exchange
  const userMessage = listObjects(body, 'messages').findLast((message) => message['role'] === 'user') ?? {}
  const humanId = findText(userMessage, 'dataId') ?? toHexDigits(admitted.idKey, 'human', 24)
  const answerId = findText(body, 'responseChatItemId') ?? toHexDigits(admitted.idKey, 'answer', 24)
  const question = [{ type: 'text', text: { content: toContentText(userMessage['content']) } }]
  const responses = listNodeResponses(request, run.progress)
  chat.records.push(toRecord(humanId, 'Human', question, []))
  chat.records.push(toRecord(answerId, 'AI', listAnswerValues(request, run.progress), responses))
  if (chat.title === '') chat.title = turn.prompt.slice(0, 20)
  const { interactive } = request
  chat.paused = interactive === null ? null : { interactive, plan: admitted.plan, seed: admitted.seed }
}

function answerTurn(context: SimulatorContext, store: ChatStore, turn: Turn, admitted: AdmittedGeneration): void {
  const { exchange, version, isDetailed, chatId, prompt, chat } = turn
  const kind = admitted.plan.interactive
  const isAnswered = chat?.paused != null && isInteractiveAnswer(chat.paused.interactive, prompt)
  const interactive = kind === 'none' || isAnswered ? null : toInteractive(kind)
  const request: WorkflowRequest = {
    admitted,
    version,
    isDetailed,
    chatId,
    prompt,
    interactive,
  }
  const onEnd = (run: StreamRun, outcome: RunOutcome): void => {
    if (chat === null) return
    chat.run = null
    if (outcome !== 'finished' && outcome !== 'stopped') return
    storeTurn(turn, chat, request, run)
    store.touch(chat)
  }
  const source = createWorkflowSource(request)
  const keeping = { survivesClient: true, keepsFrames: false }
  const runRequest: RunRequest = {
    exchange,
    admitted,
    source,
    heartbeatMs: HEARTBEAT_MS,
    onEnd,
    ...keeping,
  }
  const run = turn.isStream
    ? openStreamRun(context, runRequest, { headers: STREAM_HEADERS })
    : openBlockingRun(context, runRequest, {
        toReply: (ended) => toPlainReply(request, ended),
        toErrorReply: createFastgptErrorReply(false),
      })
  if (chat !== null) chat.run = run
  run.start()
}

/** `POST v1/chat/completions` and `v2/chat/completions`. The run goes on without its client, and its turn is stored. */
export function handleFastgptCompletion(
  context: SimulatorContext,
  store: ChatStore,
  exchange: Exchange,
  version: 'v1' | 'v2',
): void {
  const turn = toTurn(exchange, version, store)
  const refuse = (code: number, message: string): void => {
    context.counters.open('fastgpt').end('faulted')
    sendReply(exchange.response, toFastgptRefusal(code, message, turn.isStream))
  }
  if (listObjects(exchange.body, 'messages').length === 0) {
    refuse(500, 'messages is empty')
    return
  }
  if (turn.chat?.run != null) {
    refuse(409, 'chatIsGenerating')
    return
  }
  const paused = turn.chat?.paused ?? null
  const request = {
    provider: 'fastgpt',
    exchange,
    prompt: turn.prompt,
    model: null,
    apiKey: findBearer(exchange),
    prefill: null,
    maxTokens: null,
    toErrorReply: createFastgptErrorReply(turn.isStream),
  } as const
  const resumed = paused === null ? {} : { resumed: { plan: paused.plan, seed: paused.seed } }
  admitGeneration(context, { ...request, ...resumed }, (admitted) => {
    answerTurn(context, store, turn, admitted)
  })
}
