import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import { AppError } from '../../../base/app-error.ts'
import type { V1Request } from '../../../generation/v1-request.ts'
import type { HistoryTurn } from '../../../providers/provider-adapter.ts'
import type { ChatCompletionRequest } from './v1-schema.ts'

type Body = ChatCompletionRequest & Readonly<Record<string, unknown>>

/** Fields that change what the model says and that an OpenAI-like upstream takes as they are. */
const passedOn = [
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'stop',
  'top_p',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'reasoning_effort',
  'verbosity',
]
/** Of these, what a workflow platform would silently not do, so that the answer would be wrong. */
const wrongOnWorkflows = ['tools', 'tool_choice', 'response_format', 'stop', 'logit_bias']
const wrongOnAnthropic = ['logit_bias', 'response_format']
/** Nobody's answer would be right: we make one text choice without probabilities or sound. */
const wrongEverywhere = ['functions', 'function_call', 'logprobs', 'top_logprobs', 'audio', 'web_search_options']

/** What an OpenAI chat completion request asks of an agent. Errors: `unsupported_parameter` naming it. */
export function toV1Request(body: Body, provider: ProviderName, hasIdempotencyKey: boolean): V1Request {
  refuse(body, wrongEverywhere)
  if ((body.n ?? 1) > 1) throwUnsupported('n')
  if (Array.isArray(body['modalities']) && body['modalities'].includes('audio')) throwUnsupported('modalities')
  if (provider === 'fastgpt' || provider === 'dify') refuse(body, wrongOnWorkflows)
  if (provider === 'anthropic') refuse(body, wrongOnAnthropic)
  // Dify takes files only by an upload of their own, which a call without a chat does not make.
  if (provider === 'dify' && body.messages.some(hasOtherThanText)) throwUnsupported('messages')
  const isStored = body.store === true
  return {
    rawTurns: body.messages.map(toTurn),
    passThrough: Object.fromEntries(passedOn.filter((name) => isGiven(body[name])).map((name) => [name, body[name]])),
    temperature: body.temperature ?? null,
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? null,
    isStored,
    stopsWithClient: !isStored && !hasIdempotencyKey,
  }
}

function refuse(body: Body, names: readonly string[]): void {
  for (const name of names) if (isGiven(body[name]) && !isHarmless(name, body[name])) throwUnsupported(name)
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false
}

function isHarmless(name: string, value: unknown): boolean {
  if (name === 'tool_choice') return value === 'none' || value === 'auto'
  if (name === 'response_format')
    return typeof value === 'object' && value !== null && 'type' in value && value.type === 'text'
  return Array.isArray(value) && value.length === 0
}

function throwUnsupported(param: string): never {
  throw new AppError('unsupported_parameter', {
    message: `The parameter '${param}' is not supported by this agent.`,
    details: { param },
  })
}

function hasOtherThanText({ content }: ChatCompletionRequest['messages'][number]): boolean {
  return Array.isArray(content) && content.some((part) => part.type !== 'text')
}

function toTurn(message: ChatCompletionRequest['messages'][number]): HistoryTurn {
  return { role: toRole(message.role), content: toText(message.content), raw: message }
}

function toRole(role: string): HistoryTurn['role'] {
  if (role === 'developer' || role === 'system') return 'system'
  if (role === 'assistant' || role === 'user') return role
  return 'tool'
}

function toText(content: ChatCompletionRequest['messages'][number]['content']): string {
  if (typeof content === 'string') return content
  return (content ?? []).map((part) => part.text ?? '').join('')
}
