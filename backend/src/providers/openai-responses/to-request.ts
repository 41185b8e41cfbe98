import type { OutboundRequest } from '../../outbound/outbound-client.ts'
import { type JsonRecord, toRecord, toRecords, toText } from '../lenient-json.ts'
import { isOpenAi, toAuthHeaders } from '../openai/to-request.ts'
import type { ProviderCall, ProviderTarget } from '../provider-adapter.ts'
import type { UpstreamIds } from '../provider-part.ts'
import { toJsonRequest, toStreamRequest } from '../provider-request.ts'
import { toInput } from './to-input.ts'

type Fields = Record<string, unknown>

/** In background mode the run is OpenAI's: it can be re-attached to, and must be cancelled. */
export function isBackground(target: ProviderTarget): boolean {
  return target.options['isBackground'] === true
}

/** `{type:'function',function:{…}}` is flat here. */
function toTool(tool: JsonRecord): Fields {
  return tool['type'] === 'function' ? { type: 'function', ...toRecord(tool['function']) } : { ...tool }
}

function toToolChoice(choice: unknown): unknown {
  const name = toText(toRecord(toRecord(choice)['function'])['name'])
  return name === '' ? choice : { type: 'function', name }
}

/** `{type:'json_schema',json_schema:{…}}` is flat here. */
function toTextFormat(format: unknown): Fields {
  const record = toRecord(format)
  return { format: { type: record['type'], ...toRecord(record['json_schema']) } }
}

const renamed: Readonly<Record<string, (value: unknown) => Fields>> = {
  tools: (value) => ({ tools: toRecords(value).map(toTool) }),
  tool_choice: (value) => ({ tool_choice: toToolChoice(value) }),
  response_format: (value) => ({ text: toTextFormat(value) }),
  reasoning_effort: (value) => ({ reasoning: { effort: value } }),
  max_tokens: (value) => ({ max_output_tokens: value }),
  max_completion_tokens: (value) => ({ max_output_tokens: value }),
}

/** Fields of Chat Completions that mean the same here; all others do not exist here. */
const same = [
  'temperature',
  'top_p',
  'parallel_tool_calls',
  'metadata',
  'service_tier',
  'prompt_cache_key',
  'top_logprobs',
]

function toPassed(passThrough: ProviderCall['passThrough']): Fields {
  return Object.entries(passThrough).reduce<Fields>((fields, [field, value]) => {
    if (same.includes(field)) return { ...fields, [field]: value }
    return { ...fields, ...renamed[field]?.(value) }
  }, {})
}

/** `POST /responses`. `options`: `isBackground`, `extraBody`. */
export function toRequest(call: ProviderCall): OutboundRequest {
  const { target } = call
  const body: Fields = {
    ...(target.temperature === null ? {} : { temperature: target.temperature }),
    ...(target.maxTokens === null ? {} : { max_output_tokens: target.maxTokens }),
    ...(target.systemPrompt ? { instructions: target.systemPrompt } : {}),
    ...(isOpenAi(target) ? { safety_identifier: call.endUserId, stream_options: { include_obfuscation: false } } : {}),
    ...toRecord(target.options['extraBody']),
    ...toPassed(call.passThrough),
    model: target.model ?? '',
    input: toInput(call.turns),
    stream: true,
    store: isBackground(target),
    ...(isBackground(target) ? { background: true } : {}),
  }
  return toStreamRequest(`${target.baseUrl}/responses`, toAuthHeaders(target), body)
}

function toResponseUrl(target: ProviderTarget, responseId: string): string {
  return `${target.baseUrl}/responses/${encodeURIComponent(responseId)}`
}

/** `POST /responses/{id}/cancel`; background runs only. */
export function toStopRequest(call: ProviderCall, ids: UpstreamIds): OutboundRequest | null {
  if (!isBackground(call.target) || ids.messageId === undefined) return null
  return toJsonRequest(`${toResponseUrl(call.target, ids.messageId)}/cancel`, toAuthHeaders(call.target), {})
}

/** `GET /responses/{id}?stream=true&starting_after=N`; background runs only. */
export function toReattachRequest(call: ProviderCall, ids: UpstreamIds): OutboundRequest | null {
  if (!isBackground(call.target) || ids.messageId === undefined) return null
  const after = ids.sequence === undefined ? '' : `&starting_after=${ids.sequence}`
  return {
    method: 'GET',
    url: `${toResponseUrl(call.target, ids.messageId)}?stream=true${after}`,
    headers: { accept: 'text/event-stream', ...toAuthHeaders(call.target) },
  }
}
