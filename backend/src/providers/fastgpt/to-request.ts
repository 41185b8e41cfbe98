import type { OutboundRequest } from '../../outbound/outbound-client.ts'
import { isRecord } from '../lenient-json.ts'
import type { ProviderCall, ProviderTarget } from '../provider-adapter.ts'
import { toBearerHeaders, toStreamRequest } from '../provider-request.ts'
import { toTranscript } from '../transcript.ts'

/** `options.apiVersion: 'v2'` sends node results while they happen, `v1` (the default) after the answer. */
function getVersion(target: ProviderTarget): 'v1' | 'v2' {
  return target.options['apiVersion'] === 'v2' ? 'v2' : 'v1'
}

/** `options.detail: false` leaves out all events but the answer. */
export function hasDetail(target: ProviderTarget): boolean {
  return target.options['detail'] !== false
}

/**
 * With a chatId FastGPT has the history and reads the last message only; a fork carries its history in front of it.
 * Without one the messages are the context.
 */
function toMessages(call: ProviderCall): unknown[] {
  const last = call.turns.at(-1)
  if (call.upstream.conversationId === undefined) {
    const earlier = call.turns.slice(0, -1).map((turn) => turn.raw ?? { role: turn.role, content: turn.content })
    const messages = [...earlier, last?.raw ?? toQuestion(call, last?.content ?? '')]
    const { systemPrompt } = call.target
    return systemPrompt ? [{ role: 'system', content: systemPrompt }, ...messages] : messages
  }
  if (call.passThrough['carryHistory'] === true) return [toQuestion(call, toTranscript(call.turns))]
  return [last?.raw ?? toQuestion(call, last?.content ?? '')]
}

function toQuestion(call: ProviderCall, text: string): unknown {
  const { uploaded = [] } = call
  if (uploaded.length === 0) return { role: call.turns.at(-1)?.role ?? 'user', content: text }
  return { role: 'user', content: [...(text === '' ? [] : [{ type: 'text', text }]), ...uploaded] }
}

/** `POST /v1|v2/chat/completions`. `options`: `apiVersion`, `detail`, `variables`. */
export function toRequest(call: ProviderCall): OutboundRequest {
  const { target, upstream } = call
  const body = {
    ...(upstream.conversationId === undefined ? {} : { chatId: upstream.conversationId }),
    ...(target.appId === null ? {} : { appId: target.appId }),
    stream: true,
    detail: hasDetail(target),
    responseChatItemId: call.answerId,
    ...(isRecord(target.options['variables']) ? { variables: target.options['variables'] } : {}),
    messages: toMessages(call),
  }
  const url = `${target.baseUrl}/${getVersion(target)}/chat/completions`
  return toStreamRequest(url, toBearerHeaders(target.apiKey), body)
}
