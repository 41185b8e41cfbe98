import type { ErrorCode } from '@llmchat/protocol/error-code'
import { findRetryAfterMs } from '../find-retry-after.ts'
import { type JsonRecord, parseJson, toRecord, toText } from '../lenient-json.ts'
import { mapStatus } from '../map-status.ts'
import { toResponseMessage } from '../openai/map-error.ts'
import { toFailure } from '../provider-failure.ts'
import type { ProviderFailure } from '../provider-part.ts'

interface Verdict {
  code: ErrorCode
  isRetryable: boolean
}

const verdicts: Readonly<Record<string, Verdict>> = {
  invalid_request_error: { code: 'upstream_rejected', isRetryable: false },
  authentication_error: { code: 'upstream_auth', isRetryable: false },
  billing_error: { code: 'upstream_quota', isRetryable: false },
  permission_error: { code: 'upstream_auth', isRetryable: false },
  not_found_error: { code: 'upstream_not_found', isRetryable: false },
  conflict_error: { code: 'upstream_failed', isRetryable: true },
  request_too_large: { code: 'upstream_context_too_long', isRetryable: false },
  rate_limit_error: { code: 'upstream_rate_limited', isRetryable: true },
  api_error: { code: 'upstream_failed', isRetryable: true },
  timeout_error: { code: 'upstream_failed', isRetryable: true },
  overloaded_error: { code: 'upstream_failed', isRetryable: true },
}

const spendLimits = new Set(['enforced_spend_limit_reached', 'contract_spend_limit_reached'])

function findVerdict(error: JsonRecord): Verdict | null {
  if (spendLimits.has(toText(toRecord(error['details'])['error_code']))) {
    return { code: 'upstream_quota', isRetryable: false }
  }
  const type = toText(error['type'])
  if (type === 'invalid_request_error' && /prompt is too long/i.test(toText(error['message']))) {
    return { code: 'upstream_context_too_long', isRetryable: false }
  }
  return verdicts[type] ?? null
}

/** `event: error` inside a stream. */
export function mapStreamError(data: JsonRecord): ProviderFailure {
  const error = toRecord(data['error'])
  const verdict = findVerdict(error) ?? { code: 'upstream_failed' as const, isRetryable: true }
  return toFailure(verdict.code, { isRetryable: verdict.isRetryable, message: toText(error['message']) })
}

/** A whole error response; see ProviderAdapter.toFailure. */
export function toHttpFailure(response: {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}): ProviderFailure {
  const { status, headers, body } = response
  const value = parseJson(body)
  const verdict = findVerdict(toRecord(toRecord(value)['error'])) ?? mapStatus(status)
  const retryAfterMs = findRetryAfterMs(headers, value)
  const shouldRetry = headers['x-should-retry']
  return toFailure(verdict.code, {
    status,
    message: toResponseMessage(status, body),
    isRetryable: shouldRetry === 'true' || (shouldRetry !== 'false' && verdict.isRetryable),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}
