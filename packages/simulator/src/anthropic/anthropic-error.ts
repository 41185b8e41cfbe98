import type { Reply } from '../http/exchange.ts'
import type { WireError } from '../run/admit-generation.ts'

const TYPE_BY_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

const MESSAGE_BY_REASON = {
  'context-too-long': 'prompt is too long: 214213 tokens > 200000 maximum',
  'prefill-refused':
    'This model does not support assistant message prefill. The conversation must end with a user message.',
} as const

function toMessage(error: WireError): string {
  return error.reason === 'context-too-long' || error.reason === 'prefill-refused'
    ? MESSAGE_BY_REASON[error.reason]
    : error.message
}

/** Error codes that say a limit is reached for good; they ride in `details` and come without retry-after. */
function isSpendLimit(code: string | null): boolean {
  return code === 'enforced_spend_limit_reached' || code === 'contract_spend_limit_reached'
}

function toRateLimitHeaders(status: number): Record<string, string> {
  return {
    'anthropic-ratelimit-requests-limit': '1000',
    'anthropic-ratelimit-requests-remaining': status === 429 ? '0' : '999',
    'anthropic-ratelimit-requests-reset': '2027-01-01T00:00:00Z',
  }
}

/** An error body in Anthropic's shape. */
export function toAnthropicErrorReply(error: WireError): Reply {
  const type = TYPE_BY_STATUS[error.status] ?? 'api_error'
  const details = isSpendLimit(error.code) ? { details: { error_code: error.code } } : {}
  return {
    status: error.status,
    headers: {
      'request-id': 'req_simulated',
      ...toRateLimitHeaders(error.status),
    },
    body: {
      type: 'error',
      error: { type, message: toMessage(error), ...details },
      request_id: 'req_simulated',
    },
  }
}

/** The event of an error after HTTP 200. */
export function toAnthropicErrorFrame(code: string | null, message: string): string {
  const error = {
    type: code ?? 'overloaded_error',
    message: code === null ? 'Overloaded' : message,
  }
  return `event: error\ndata: ${JSON.stringify({ type: 'error', error })}\n\n`
}
