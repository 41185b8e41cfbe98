import type { OutboundRequest } from '../../outbound/outbound-client.ts'
import { toPrefill } from '../continuation.ts'
import { isRecord, type JsonRecord, toRecord, toRecords, toText } from '../lenient-json.ts'
import type { ProviderCall, ProviderTarget } from '../provider-adapter.ts'
import { toStreamRequest } from '../provider-request.ts'
import { toMessages, toSystem } from './to-messages.ts'

type Fields = Record<string, unknown>

const defaultVersion = '2023-06-01'
/** From this version on, sampling parameters are answered with 400. */
const versionWithoutSampling = '2026-10-21'
/** `max_tokens` is required; all models since 3.5 take this much. */
const defaultMaxTokens = 8192

function getVersion(target: ProviderTarget): string {
  return toText(target.options['apiVersion']) || defaultVersion
}

/** OAuth tokens go as a bearer, keys in their own header. */
function toHeaders(target: ProviderTarget): Record<string, string> {
  const key = target.apiKey ?? ''
  const beta = toText(target.options['beta'])
  return {
    'anthropic-version': getVersion(target),
    ...(beta === '' ? {} : { 'anthropic-beta': beta }),
    ...(key.startsWith('sk-ant-oat') ? { authorization: `Bearer ${key}` } : { 'x-api-key': key }),
  }
}

function toTool(tool: JsonRecord): Fields {
  const described = isRecord(tool['function']) ? tool['function'] : tool
  return {
    name: described['name'],
    ...(described['description'] === undefined ? {} : { description: described['description'] }),
    input_schema: described['parameters'] ?? { type: 'object', properties: {} },
  }
}

const choices: Readonly<Record<string, string>> = { auto: 'auto', required: 'any', none: 'none' }

function toToolChoice(choice: unknown, isParallel: boolean): Fields {
  const name = toText(toRecord(toRecord(choice)['function'])['name'])
  const kind = name === '' ? { type: choices[toText(choice)] ?? 'auto' } : { type: 'tool', name }
  return { tool_choice: isParallel ? kind : { ...kind, disable_parallel_tool_use: true } }
}

/** The caller's fields in our terms; those that do not exist here are left out. */
function toPassed(passThrough: ProviderCall['passThrough']): Fields {
  const fields: Fields = {}
  const { tools, tool_choice: toolChoice, stop, temperature, top_p: topP } = passThrough
  if (Array.isArray(tools) && tools.length > 0) {
    const isParallel = passThrough['parallel_tool_calls'] !== false
    fields['tools'] = toRecords(tools).map(toTool)
    if (toolChoice !== undefined || !isParallel) Object.assign(fields, toToolChoice(toolChoice, isParallel))
  }
  const stops = (Array.isArray(stop) ? stop : [stop]).filter((one) => toText(one).trim() !== '')
  if (stops.length > 0) fields['stop_sequences'] = stops
  if (typeof temperature === 'number') fields['temperature'] = temperature
  if (topP !== undefined && topP !== null) fields['top_p'] = topP
  const maxTokens = passThrough['max_completion_tokens'] ?? passThrough['max_tokens']
  if (typeof maxTokens === 'number') fields['max_tokens'] = maxTokens
  return fields
}

const samplingFields = ['temperature', 'top_p', 'top_k']

/** Drops or bounds what the version refuses: OpenAI's temperature goes to 2, this one to 1. */
function toAllowed(fields: Fields, version: string): Fields {
  if (version >= versionWithoutSampling) {
    return Object.fromEntries(Object.entries(fields).filter(([field]) => !samplingFields.includes(field)))
  }
  const temperature = fields['temperature']
  return typeof temperature === 'number' ? { ...fields, temperature: Math.min(temperature, 1) } : fields
}

/** `POST /v1/messages`. `options`: `apiVersion`, `beta`, `extraBody` (thinking, output_config …), `canContinue`. */
export function toRequest(call: ProviderCall): OutboundRequest {
  const { target } = call
  const messages = toMessages(call.turns)
  const prefill = toPrefill(call.continueFrom)
  if (prefill) messages.push({ role: 'assistant', content: prefill.text })
  const system = toSystem(target.systemPrompt, call.turns)
  const fields: Fields = {
    max_tokens: target.maxTokens ?? defaultMaxTokens,
    ...(target.temperature === null ? {} : { temperature: target.temperature }),
    metadata: { user_id: call.endUserId },
    ...toRecord(target.options['extraBody']),
    ...toPassed(call.passThrough),
    ...(system === '' ? {} : { system }),
    model: target.model ?? '',
    messages,
    stream: true,
  }
  return toStreamRequest(`${target.baseUrl}/v1/messages`, toHeaders(target), toAllowed(fields, getVersion(target)))
}
