import type { JsonObject } from '../http/json-fields.ts'
import { toSimulatedTools } from '../openai/simulated-tools.ts'
import type { AdmittedGeneration } from '../run/admit-generation.ts'
import type { RunProgress } from '../run/beat.ts'
import { toFixedCreatedAt, toHexDigits } from '../text/stable-hash.ts'
import type { ResponseRequest } from './response-request.ts'

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled'

/** One response: what was asked, what was admitted, and its ids. */
export interface ResponseMaking {
  admitted: AdmittedGeneration
  asked: ResponseRequest
  responseId: string
  messageId: string
  reasoningId: string
}

export function toResponseMaking(admitted: AdmittedGeneration, asked: ResponseRequest): ResponseMaking {
  const toId = (prefix: string): string => `${prefix}_${toHexDigits(admitted.idKey, prefix, 48)}`
  return {
    admitted,
    asked,
    responseId: toId('resp'),
    messageId: toId('msg'),
    reasoningId: toId('rs'),
  }
}

export function toMessageItem(making: ResponseMaking, text: string, status: string): JsonObject {
  const content = [{ type: 'output_text', annotations: [], logprobs: [], text }]
  return {
    id: making.messageId,
    type: 'message',
    status,
    content,
    role: 'assistant',
  }
}

export function toReasoningItem(making: ResponseMaking, text: string): JsonObject {
  return {
    id: making.reasoningId,
    type: 'reasoning',
    summary: [{ type: 'summary_text', text }],
  }
}

/** The function call items of the plan, complete. */
export function listToolItems(making: ResponseMaking): JsonObject[] {
  const { admitted, asked } = making
  if (asked.isToolResult) return []
  return toSimulatedTools(admitted.seed, admitted.plan.tools).map((tool, index) => ({
    id: `fc_${toHexDigits(admitted.idKey, `fc ${String(index)}`, 48)}`,
    type: 'function_call',
    status: 'completed',
    arguments: tool.argumentsJson,
    call_id: tool.callId,
    name: tool.name,
  }))
}

function toUsage(making: ResponseMaking, progress: RunProgress): JsonObject {
  const { promptTokens } = making.admitted
  const outputTokens = progress.answerTokens + progress.reasoningTokens
  return {
    input_tokens: promptTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: progress.reasoningTokens },
    total_tokens: promptTokens + outputTokens,
  }
}

function listOutput(making: ResponseMaking, progress: RunProgress): JsonObject[] {
  const { reasoning, answer } = making.admitted.text
  const thought = reasoning.slice(0, progress.reasoningTokens).join('')
  const text = answer.slice(0, progress.answerTokens).join('')
  return [
    ...(thought === '' ? [] : [toReasoningItem(making, thought)]),
    ...(text === '' ? [] : [toMessageItem(making, text, 'completed')]),
  ]
}

const INCOMPLETE_REASONS = {
  length: 'max_output_tokens',
  'content-filter': 'content_filter',
} as const

/** The response object as it is at a moment of its making. */
export function toResponseObject(making: ResponseMaking, status: ResponseStatus, progress: RunProgress): JsonObject {
  const { admitted, asked } = making
  const { finish } = admitted.text
  const isOver = status !== 'queued' && status !== 'in_progress'
  const hasUsage = isOver && admitted.plan.usage === 'normal' && !admitted.faults.has('no-usage')
  const error = admitted.faults.find('error')
  return {
    id: making.responseId,
    object: 'response',
    created_at: toFixedCreatedAt(admitted.seed),
    status,
    background: asked.isBackground,
    error:
      status === 'failed'
        ? {
            code: error?.parameters['code'] ?? 'server_error',
            message: error?.parameters['message'] ?? 'simulated in-stream error',
          }
        : null,
    incomplete_details: status === 'incomplete' && finish !== 'stop' ? { reason: INCOMPLETE_REASONS[finish] } : null,
    instructions: null,
    max_output_tokens: asked.maxTokens,
    model: asked.model,
    output: isOver ? [...listOutput(making, progress), ...(status === 'completed' ? listToolItems(making) : [])] : [],
    parallel_tool_calls: true,
    previous_response_id: null,
    store: asked.isStored,
    usage: hasUsage ? toUsage(making, progress) : null,
    metadata: {},
  }
}
