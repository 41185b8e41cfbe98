import type { ErrorCode } from '@llmchat/protocol/error-code'
import { findRetryAfterMs } from '../find-retry-after.ts'
import { isRecord, type JsonRecord, parseJson, toCount, toText } from '../lenient-json.ts'
import { mapStatus } from '../map-status.ts'
import { toResponseMessage } from '../openai/map-error.ts'
import { toFailure } from '../provider-failure.ts'
import type { ProviderFailure } from '../provider-part.ts'

interface Verdict {
  code: ErrorCode
  isRetryable: boolean
}

const rejected: Verdict = { code: 'upstream_rejected', isRetryable: false }
const missing: Verdict = { code: 'upstream_not_found', isRetryable: false }
const rateLimited: Verdict = { code: 'upstream_rate_limited', isRetryable: true }

const verdicts: Readonly<Record<string, Verdict>> = {
  invalid_param: rejected,
  bad_request: rejected,
  not_chat_app: missing,
  app_unavailable: missing,
  conversation_completed: rejected,
  provider_not_initialize: { code: 'upstream_auth', isRetryable: false },
  provider_quota_exceeded: { code: 'upstream_quota', isRetryable: false },
  model_currently_not_support: missing,
  completion_request_error: { code: 'upstream_failed', isRetryable: false },
  unauthorized: { code: 'upstream_auth', isRetryable: false },
  not_found: missing,
  too_many_requests: rateLimited,
  rate_limit_error: rateLimited,
  internal_server_error: { code: 'upstream_failed', isRetryable: true },
}

/** `event: error` inside a stream: the three fields of an error response. */
export function mapStreamError(data: JsonRecord): ProviderFailure {
  const status = toCount(data['status'])
  const byStatus = status >= 400 ? mapStatus(status) : { code: 'upstream_failed' as const, isRetryable: true }
  const verdict = verdicts[toText(data['code'])] ?? byStatus
  return toFailure(verdict.code, { isRetryable: verdict.isRetryable, message: toText(data['message']) })
}

/** `workflow_finished` with a failure; all it has is the text of the node that failed. */
export function mapWorkflowError(message: string): ProviderFailure {
  if (/quota|insufficient balance/i.test(message)) return toFailure('upstream_quota', { message })
  if (/rate.?limit|too many requests/i.test(message)) return toFailure('upstream_rate_limited', { message })
  return toFailure('upstream_failed', { message })
}

/** A whole error response; see ProviderAdapter.toFailure. */
export function toHttpFailure(response: {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}): ProviderFailure {
  const { status, headers, body } = response
  const value = parseJson(body)
  const verdict = (isRecord(value) ? verdicts[toText(value['code'])] : undefined) ?? mapStatus(status)
  const retryAfterMs = findRetryAfterMs(headers, value)
  return toFailure(verdict.code, {
    status,
    isRetryable: verdict.isRetryable,
    message: toResponseMessage(status, body),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}
