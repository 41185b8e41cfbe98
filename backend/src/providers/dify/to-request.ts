import type { OutboundRequest } from '../../outbound/outbound-client.ts'
import { toRecord, toText } from '../lenient-json.ts'
import type { ProviderCall, ProviderFeedback, ProviderTarget } from '../provider-adapter.ts'
import type { UpstreamIds } from '../provider-part.ts'
import { toBearerHeaders, toJsonRequest, toStreamRequest } from '../provider-request.ts'
import { getQuestion, toTranscript } from '../transcript.ts'

/**
 * `POST /chat-messages`. Dify keeps the conversation: it gets the question alone, or, where it does not know the
 * conversation yet, the earlier turns in front. `options`: `inputs`, `workflowId`.
 */
export function toRequest(call: ProviderCall): OutboundRequest {
  const { target, upstream } = call
  const isKnown = upstream.conversationId !== undefined && upstream.conversationId !== ''
  const needsHistory = !isKnown || call.passThrough['carryHistory'] === true
  const workflowId = toText(target.options['workflowId'])
  const body = {
    inputs: toRecord(target.options['inputs']),
    query: (needsHistory ? toTranscript(call.turns) : getQuestion(call)) || toFileNames(call),
    response_mode: 'streaming',
    conversation_id: upstream.conversationId ?? '',
    user: call.endUserId,
    auto_generate_name: false,
    ...(call.uploaded === undefined ? {} : { files: call.uploaded }),
    ...(workflowId === '' ? {} : { workflow_id: workflowId }),
  }
  return toStreamRequest(`${target.baseUrl}/chat-messages`, toBearerHeaders(target.apiKey), body)
}

/** A question without words is refused. */
function toFileNames(call: ProviderCall): string {
  return (call.turns.at(-1)?.files ?? []).map(({ name }) => name).join(', ')
}

/** `POST /chat-messages/{task_id}/stop`. Only the same user stops it; another one is told success all the same. */
export function toStopRequest(call: ProviderCall, ids: UpstreamIds): OutboundRequest | null {
  if (ids.taskId === undefined) return null
  const url = `${call.target.baseUrl}/chat-messages/${encodeURIComponent(ids.taskId)}/stop`
  return toJsonRequest(url, toBearerHeaders(call.target.apiKey), { user: call.endUserId })
}

const ratings = { good: 'like', bad: 'dislike' } as const

/** `POST /messages/{message_id}/feedbacks` */
export function toFeedbackRequest(target: ProviderTarget, feedback: ProviderFeedback): OutboundRequest | null {
  const { ids, rating, endUserId } = feedback
  if (ids.messageId === undefined) return null
  const url = `${target.baseUrl}/messages/${encodeURIComponent(ids.messageId)}/feedbacks`
  const body = { rating: rating === null ? null : ratings[rating], user: endUserId }
  return toJsonRequest(url, toBearerHeaders(target.apiKey), body)
}

function toGet(target: ProviderTarget, path: string, query: Record<string, string>, accept: string): OutboundRequest {
  return {
    method: 'GET',
    url: `${target.baseUrl}${path}?${new URLSearchParams(query).toString()}`,
    headers: { accept, ...toBearerHeaders(target.apiKey) },
  }
}

/** `GET /workflow/{workflow_run_id}/events`; chatflows only. */
export function toReattachRequest(call: ProviderCall, ids: UpstreamIds): OutboundRequest | null {
  if (ids.runId === undefined) return null
  const path = `/workflow/${encodeURIComponent(ids.runId)}/events`
  return toGet(call.target, path, { user: call.endUserId }, 'text/event-stream')
}

/** `GET /messages`: the newest page of the conversation. */
export function toFetchAnswerRequest(call: ProviderCall, ids: UpstreamIds): OutboundRequest | null {
  const conversationId = ids.conversationId ?? call.upstream.conversationId
  if (conversationId === undefined || ids.messageId === undefined) return null
  const query = { conversation_id: conversationId, user: call.endUserId, limit: '20' }
  return toGet(call.target, '/messages', query, 'application/json')
}
