import { type Exchange, sendReply } from '../http/exchange.ts'
import type { JsonObject } from '../http/json-fields.ts'
import { type AdmittedGeneration, admitGeneration, type WireError } from '../run/admit-generation.ts'
import type { RunProgress } from '../run/beat.ts'
import type { SimulatorContext } from '../run/simulator-context.ts'
import { openBlockingRun, openStreamRun, type RunRequest } from '../run/start-run.ts'
import { toFixedCreatedAt } from '../text/stable-hash.ts'
import { toChatDialect } from './chat-dialect.ts'
import { createChatSource, toChatId } from './chat-frames.ts'
import { type ChatRequest, parseChatRequest } from './chat-request.ts'
import { toChatUsage } from './chat-usage.ts'
import { toOpenaiErrorReply } from './openai-error.ts'
import { toSimulatedTools } from './simulated-tools.ts'

const FINISH_REASONS = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
} as const

function toMessage(admitted: AdmittedGeneration, chat: ChatRequest): JsonObject {
  const { text, plan } = admitted
  const reasoningField = plan.quirk === 'vllm' || plan.quirk === 'groq' ? 'reasoning' : 'reasoning_content'
  const tools = chat.isToolResult ? [] : toSimulatedTools(admitted.seed, plan.tools)
  const calls = tools.map(({ callId, name, argumentsJson }) => ({
    id: callId,
    type: 'function',
    function: { name, arguments: argumentsJson },
  }))
  return {
    role: 'assistant',
    content: text.answer.join(''),
    refusal: null,
    annotations: [],
    ...(text.reasoning.length > 0 ? { [reasoningField]: text.reasoning.join('') } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  }
}

function toCompletion(admitted: AdmittedGeneration, chat: ChatRequest, progress: RunProgress): JsonObject {
  const { text, plan, seed } = admitted
  const hasTools = !chat.isToolResult && plan.tools > 0 && text.finish === 'stop'
  const hasUsage = plan.usage === 'normal' && !admitted.faults.has('no-usage')
  const figures = {
    prompt: admitted.promptTokens,
    answer: progress.answerTokens,
    reasoning: progress.reasoningTokens,
  }
  const finishReason = hasTools ? 'tool_calls' : FINISH_REASONS[text.finish]
  return {
    id: toChatId(seed, plan),
    object: 'chat.completion',
    created: toFixedCreatedAt(seed),
    model: chat.model,
    choices: [
      {
        index: 0,
        message: toMessage(admitted, chat),
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    ...(hasUsage ? { usage: toChatUsage(figures, plan.quirk) } : {}),
    service_tier: 'default',
    system_fingerprint: 'fp_simulated',
  }
}

/** `POST chat/completions`, streamed or in one piece. */
export function handleChatCompletion(context: SimulatorContext, exchange: Exchange): void {
  const chat = parseChatRequest(exchange.body)
  if (typeof chat === 'string') {
    context.counters.open('openai').end('faulted')
    const error: WireError = {
      status: 400,
      reason: 'bad-request',
      message: chat,
      code: null,
    }
    sendReply(exchange.response, toOpenaiErrorReply(error))
    return
  }
  const { prompt, model, prefill, maxTokens } = chat
  const toErrorReply = toOpenaiErrorReply
  const request = {
    provider: 'openai',
    exchange,
    prompt,
    model,
    prefill,
    maxTokens,
    apiKey: null,
    toErrorReply,
  } as const
  admitGeneration(context, request, (admitted) => {
    const source = createChatSource(admitted, chat)
    const run: RunRequest = {
      exchange,
      admitted,
      source,
      heartbeatMs: 0,
      survivesClient: false,
      keepsFrames: false,
    }
    if (chat.isStream) {
      const headers = {
        'content-type': 'text/event-stream; charset=utf-8',
        'x-request-id': 'req_simulated',
      }
      openStreamRun(context, run, {
        headers,
        isLate: toChatDialect(admitted.plan.quirk).hasLateHeaders,
      }).start()
      return
    }
    openBlockingRun(context, run, {
      toReply: ({ progress }) => ({
        status: 200,
        body: toCompletion(admitted, chat, progress),
      }),
      toErrorReply,
    }).start()
  })
}
