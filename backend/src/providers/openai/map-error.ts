import type { ErrorCode } from '@llmchat/protocol/error-code'
import { findRetryAfterMs } from '../find-retry-after.ts'
import { isRecord, type JsonRecord, parseJson, toText } from '../lenient-json.ts'
import { mapStatus } from '../map-status.ts'
import { findErrorMessage, isMarkup, toFailure } from '../provider-failure.ts'
import type { ProviderFailure } from '../provider-part.ts'

interface Verdict {
  code: ErrorCode
  isRetryable: boolean
}

/** What `code` and `type` say, in lower case; the first match wins. */
const namedVerdicts: readonly (readonly [RegExp, Verdict])[] = [
  [/context_length_exceeded/, no('upstream_context_too_long')],
  [/content_filter|content_policy|_policy_violation|bio_policy/, no('upstream_content_filter')],
  [/insufficient_quota|billing|credit|spend_limit|insufficient_balance/, no('upstream_quota')],
  [/invalid_api_key|authentication|permission|unauthorized/, no('upstream_auth')],
  [/model_not_found|not_found_error/, no('upstream_not_found')],
  [/rate_limit/, { code: 'upstream_rate_limited', isRetryable: true }],
  [/server_error|overloaded|timeout|insufficient_system_resource|unavailable|api_error/, retry()],
]

/** What only the message says. It also mentions what it is not about, so few phrases count. */
const messageVerdicts: readonly (readonly [RegExp, Verdict])[] = [
  [/maximum context length|context window|prompt is too long/, no('upstream_context_too_long')],
  [/exceeded your current quota|insufficient balance/, no('upstream_quota')],
]

/** Kinds that say little more than "no": the status or the message decides first. */
const vagueVerdict: readonly [RegExp, Verdict] = [
  /invalid_request|invalid_prompt|invalid_image|unsupported|bad_?request|invalid_value/,
  no('upstream_rejected'),
]

function no(code: ErrorCode): Verdict {
  return { code, isRetryable: false }
}

function retry(): Verdict {
  return { code: 'upstream_failed', isRetryable: true }
}

function findVerdict(error: JsonRecord): Verdict | null {
  const name = `${toText(error['code'])} ${toText(error['type'])}`.toLowerCase()
  const message = toText(error['message']).toLowerCase()
  const named = namedVerdicts.find(([pattern]) => pattern.test(name))
  const said = messageVerdicts.find(([pattern]) => pattern.test(message))
  const vague = vagueVerdict[0].test(name) ? vagueVerdict : undefined
  return (named ?? said ?? vague)?.[1] ?? null
}

/** The `error` object of a body, wherever the server puts it. */
function findErrorObject(value: unknown): JsonRecord {
  if (!isRecord(value)) return {}
  if (isRecord(value['error'])) return value['error']
  return typeof value['error'] === 'string' ? { message: value['error'] } : value
}

/** An error inside a stream. vLLM and some gateways give the HTTP status as `code`. */
export function mapStreamError(value: unknown): ProviderFailure {
  const error = findErrorObject(value)
  const status = Number(error['code'] ?? error['status'])
  const byStatus = status >= 400 && status < 600 ? mapStatus(status) : retry()
  return toFailure((findVerdict(error) ?? byStatus).code, {
    isRetryable: (findVerdict(error) ?? byStatus).isRetryable,
    message: toText(error['message']),
  })
}

/** Statuses that mean what they say, whatever the body adds. */
const clearStatuses = new Set([401, 403, 404, 408, 409])

/** A whole error response; see ProviderAdapter.toFailure. */
export function toHttpFailure(response: {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}): ProviderFailure {
  const { status, headers, body } = response
  const value = parseJson(body)
  const byStatus = mapStatus(status)
  const byBody = isRecord(value) && !clearStatuses.has(status) ? findVerdict(findErrorObject(value)) : null
  const verdict = byBody ?? byStatus
  const retryAfterMs = findRetryAfterMs(headers, value)
  const shouldRetry = headers['x-should-retry']
  return toFailure(verdict.code, {
    status,
    message: toResponseMessage(status, body),
    isRetryable: shouldRetry === 'true' || (shouldRetry !== 'false' && verdict.isRetryable),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** What an error response says, without markup; a page and an empty body are named for what they are. */
export function toResponseMessage(status: number, body: string): string {
  if (status >= 300 && status < 400) return `The agent answered with a redirect (${status}), which is not followed.`
  const said = findErrorMessage(body)
  if (isMarkup(body)) return `The agent answered with a web page (${status}): ${said}`
  return said === '' ? `The agent answered with status ${status}.` : said
}
