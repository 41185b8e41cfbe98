import type { OutboundRequest } from '../../outbound/outbound-client.ts'
import { toPrefill } from '../continuation.ts'
import { toRecord, toText } from '../lenient-json.ts'
import type { HistoryTurn, ProviderCall, ProviderTarget } from '../provider-adapter.ts'
import { toBearerHeaders, toStreamRequest } from '../provider-request.ts'

type Body = Record<string, unknown>

/** Fields of ours in `passThrough`, and fields the caller may not set. */
const reserved = new Set(['carryHistory', 'model', 'messages', 'stream', 'stream_options', 'n'])

function getHost(target: ProviderTarget): string {
  return new URL(target.baseUrl).hostname
}

/** OpenAI itself; servers that only speak its protocol refuse some of its newer fields. */
export function isOpenAi(target: ProviderTarget): boolean {
  return getHost(target) === 'api.openai.com'
}

function isAzure(target: ProviderTarget): boolean {
  return getHost(target).endsWith('.openai.azure.com')
}

/** The headers that carry the key. */
export function toAuthHeaders(target: ProviderTarget): Record<string, string> {
  if (isAzure(target) && target.apiKey !== null) return { 'api-key': target.apiKey }
  return toBearerHeaders(target.apiKey)
}

function toMessage(turn: HistoryTurn): Readonly<Record<string, unknown>> {
  return turn.raw ?? { role: turn.role, content: turn.content }
}

function getMaxTokensField(target: ProviderTarget): string {
  const field = toText(target.options['maxTokensField'])
  if (field !== '') return field
  return isOpenAi(target) || isAzure(target) ? 'max_completion_tokens' : 'max_tokens'
}

/** DeepSeek flags the message, vLLM the request; both then continue the last assistant turn. */
function toContinuation(call: ProviderCall, messages: unknown[]): Body {
  const prefill = toPrefill(call.continueFrom)
  if (!prefill) return {}
  const isPrefix = call.target.options['canContinue'] === 'prefix' || getHost(call.target).endsWith('deepseek.com')
  messages.push({ role: 'assistant', content: prefill.text, ...(isPrefix ? { prefix: true } : {}) })
  return isPrefix ? {} : { continue_final_message: true, add_generation_prompt: false }
}

/** `POST /chat/completions`. `options`: `maxTokensField`, `streamUsage: false`, `apiVersion` (Azure), `extraBody`. */
export function toRequest(call: ProviderCall): OutboundRequest {
  const { target } = call
  const messages: unknown[] = call.turns.map(toMessage)
  if (target.systemPrompt) messages.unshift({ role: 'system', content: target.systemPrompt })
  const continuation = toContinuation(call, messages)
  const passed = Object.entries(call.passThrough).filter(([field]) => !reserved.has(field))
  const body: Body = {
    ...(target.temperature === null ? {} : { temperature: target.temperature }),
    ...(target.maxTokens === null ? {} : { [getMaxTokensField(target)]: target.maxTokens }),
    ...(isOpenAi(target) ? { safety_identifier: call.endUserId } : {}),
    ...toRecord(target.options['extraBody']),
    ...Object.fromEntries(passed),
    ...continuation,
    model: target.model ?? '',
    messages,
    stream: true,
  }
  if (target.options['streamUsage'] !== false) {
    body['stream_options'] = { include_usage: true, ...(isOpenAi(target) ? { include_obfuscation: false } : {}) }
  }
  const apiVersion = toText(target.options['apiVersion'])
  const query = apiVersion === '' ? '' : `?api-version=${encodeURIComponent(apiVersion)}`
  return toStreamRequest(`${target.baseUrl}/chat/completions${query}`, toAuthHeaders(target), body)
}
