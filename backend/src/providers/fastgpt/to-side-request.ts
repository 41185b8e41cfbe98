import type { OutboundRequest } from '../../outbound/outbound-client.ts'
import type { ProviderCall, ProviderFeedback, ProviderTarget } from '../provider-adapter.ts'
import type { UpstreamIds } from '../provider-part.ts'
import { toBearerHeaders, toJsonRequest } from '../provider-request.ts'

/** All these calls need to know the app and the chat. */
function findPlace(target: ProviderTarget, chatId: string | undefined): { appId: string; chatId: string } | null {
  return target.appId === null || target.appId === '' || chatId === undefined ? null : { appId: target.appId, chatId }
}

function toPost(target: ProviderTarget, path: string, body: unknown): OutboundRequest {
  return toJsonRequest(target.baseUrl + path, toBearerHeaders(target.apiKey), body)
}

/** `POST /v2/chat/stop`: losing the connection stops nothing. */
export function toStopRequest(call: ProviderCall, ids: UpstreamIds): OutboundRequest | null {
  const place = findPlace(call.target, ids.conversationId ?? call.upstream.conversationId)
  return place && toPost(call.target, '/v2/chat/stop', place)
}

/** A field left out takes the thumb back. */
const thumbs = { good: { userGoodFeedback: 'yes' }, bad: { userBadFeedback: 'yes' } } as const

/** `POST /core/chat/feedback/updateUserFeedback` */
export function toFeedbackRequest(target: ProviderTarget, feedback: ProviderFeedback): OutboundRequest | null {
  const place = findPlace(target, feedback.ids.conversationId)
  if (!place || feedback.ids.messageId === undefined) return null
  const thumb = feedback.rating === null ? {} : thumbs[feedback.rating]
  const body = { ...place, dataId: feedback.ids.messageId, ...thumb }
  return toPost(target, '/core/chat/feedback/updateUserFeedback', body)
}

/** `POST /core/chat/record/getPaginationRecords`: the newest records of the chat. */
export function toFetchAnswerRequest(call: ProviderCall, ids: UpstreamIds): OutboundRequest | null {
  const place = findPlace(call.target, ids.conversationId ?? call.upstream.conversationId)
  const body = { ...place, offset: 0, pageSize: 10, loadCustomFeedbacks: false }
  return place && toPost(call.target, '/core/chat/record/getPaginationRecords', body)
}

/** `DELETE /core/chat/record/delete`, by the id we chose for the answer. */
export function toRemoveTurnRequest(call: ProviderCall, ids: UpstreamIds): OutboundRequest | null {
  const place = findPlace(call.target, ids.conversationId ?? call.upstream.conversationId)
  if (!place) return null
  const query = new URLSearchParams({ ...place, contentId: ids.messageId ?? call.answerId })
  return {
    method: 'DELETE',
    url: `${call.target.baseUrl}/core/chat/record/delete?${query.toString()}`,
    headers: { accept: 'application/json', ...toBearerHeaders(call.target.apiKey) },
  }
}
