import { type Exchange, findBearer, findHeader, sendReply } from '../http/exchange.ts'
import type { JsonObject } from '../http/json-fields.ts'
import { type AdmittedGeneration, admitGeneration } from '../run/admit-generation.ts'
import type { RunProgress } from '../run/beat.ts'
import type { SimulatedProvider, SimulatorContext } from '../run/simulator-context.ts'
import { openBlockingRun, openStreamRun, type RunRequest } from '../run/start-run.ts'
import { toAnthropicErrorReply } from './anthropic-error.ts'
import {
  createMessagesSource,
  listToolBlocks,
  toMessageId,
  toMessagesUsage,
  toStopReason,
  toThinkingSignature,
} from './messages-frames.ts'
import { type MessagesRequest, parseMessagesRequest } from './messages-request.ts'

const MESSAGES_PATH = '/anthropic/v1/messages'
const MODELS_PATH = '/anthropic/v1/models'

function refuse(exchange: Exchange, status: number, message: string): void {
  sendReply(exchange.response, toAnthropicErrorReply({ status, reason: 'by-status', message, code: null }))
}

function hasKey(exchange: Exchange): boolean {
  const key = findHeader(exchange, 'x-api-key') ?? findBearer(exchange)
  return key !== null && !key.includes('invalid')
}

function toMessage(admitted: AdmittedGeneration, request: MessagesRequest, progress: RunProgress): JsonObject {
  const { reasoning, answer } = admitted.text
  const thinking = {
    type: 'thinking',
    thinking: reasoning.join(''),
    signature: toThinkingSignature(admitted),
  }
  const usage = toMessagesUsage(admitted, progress)
  return {
    model: request.model,
    id: toMessageId(admitted),
    type: 'message',
    role: 'assistant',
    content: [
      ...(reasoning.length > 0 ? [thinking] : []),
      ...(answer.length > 0 ? [{ type: 'text', text: answer.join('') }] : []),
      ...listToolBlocks(admitted, request).map(({ block }) => block),
    ],
    stop_reason: toStopReason(admitted, request),
    stop_sequence: null,
    ...(usage === null ? {} : { usage }),
  }
}

function handleMessages(context: SimulatorContext, exchange: Exchange): void {
  const request = parseMessagesRequest(exchange)
  if (typeof request === 'string') {
    context.counters.open('anthropic').end('faulted')
    refuse(exchange, 400, request)
    return
  }
  const { prompt, model, prefill, maxTokens } = request
  const toErrorReply = toAnthropicErrorReply
  const generation = {
    exchange,
    prompt,
    model,
    prefill,
    maxTokens,
    apiKey: null,
    toErrorReply,
  }
  admitGeneration(context, { provider: 'anthropic', ...generation }, (admitted) => {
    const source = createMessagesSource(admitted, request)
    const run: RunRequest = {
      exchange,
      admitted,
      source,
      heartbeatMs: 0,
      survivesClient: false,
      keepsFrames: false,
    }
    if (request.isStream) {
      const headers = {
        'content-type': 'text/event-stream; charset=utf-8',
        'request-id': 'req_simulated',
      }
      openStreamRun(context, run, { headers }).start()
      return
    }
    openBlockingRun(context, run, {
      toReply: ({ progress }) => ({
        status: 200,
        body: toMessage(admitted, request, progress),
      }),
      toErrorReply,
    }).start()
  })
}

/** The Messages API, under `/anthropic`. */
export function createAnthropicProvider(context: SimulatorContext): SimulatedProvider {
  return {
    name: 'anthropic',
    handle(exchange) {
      const isMessages = exchange.method === 'POST' && exchange.path === MESSAGES_PATH
      if (!isMessages) context.counters.countOther('anthropic')
      if (!hasKey(exchange)) {
        if (isMessages) context.counters.open('anthropic').end('faulted')
        refuse(exchange, 401, 'invalid x-api-key')
      } else if (isMessages) {
        handleMessages(context, exchange)
      } else if (exchange.method === 'GET' && exchange.path === MODELS_PATH) {
        const model = {
          type: 'model',
          id: 'sim',
          display_name: 'Simulator',
          created_at: '2026-01-01T00:00:00Z',
        }
        sendReply(exchange.response, {
          status: 200,
          body: {
            data: [model],
            has_more: false,
            first_id: 'sim',
            last_id: 'sim',
          },
        })
      } else {
        refuse(exchange, 404, `Not found: ${exchange.path}`)
      }
    },
    reset: () => undefined,
  }
}
