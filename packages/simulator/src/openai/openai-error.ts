import type { Reply } from '../http/exchange.ts'
import type { Quirk } from '../plan.ts'
import type { WireError } from '../run/admit-generation.ts'

interface OpenaiErrorKind {
  type: string
  code: string | null
}

const KIND_BY_STATUS: Readonly<Record<number, OpenaiErrorKind>> = {
  400: { type: 'invalid_request_error', code: null },
  401: { type: 'invalid_request_error', code: 'invalid_api_key' },
  403: {
    type: 'invalid_request_error',
    code: 'unsupported_country_region_territory',
  },
  404: { type: 'invalid_request_error', code: 'model_not_found' },
  408: { type: 'timeout', code: null },
  422: { type: 'invalid_request_error', code: 'unprocessable_entity' },
  429: { type: 'requests', code: 'rate_limit_exceeded' },
}

function toKind(error: WireError): OpenaiErrorKind & { message: string } {
  const { message } = error
  if (error.reason === 'context-too-long') {
    return {
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
      message: "This model's maximum context length is 8192 tokens. Please reduce the length of the messages.",
    }
  }
  if (error.reason === 'prefill-refused') {
    return {
      type: 'invalid_request_error',
      code: 'invalid_value',
      message:
        'This model does not support assistant message prefill. The last message must not be an assistant message.',
    }
  }
  return {
    ...(KIND_BY_STATUS[error.status] ?? { type: 'server_error', code: null }),
    message,
  }
}

function toRateLimitHeaders(status: number): Record<string, string> {
  return {
    'x-ratelimit-limit-requests': '500',
    'x-ratelimit-remaining-requests': status === 429 ? '0' : '499',
    'x-ratelimit-reset-requests': status === 429 ? '1s' : '120ms',
  }
}

/** An error body in OpenAI's shape; vLLM's code is the status as a number. */
export function toOpenaiErrorReply(error: WireError, quirk: Quirk | null = null): Reply {
  const { type, code, message } = toKind(error)
  const wireCode = quirk === 'vllm' ? error.status : (error.code ?? code)
  return {
    status: error.status,
    headers: {
      'x-request-id': 'req_simulated',
      ...toRateLimitHeaders(error.status),
    },
    body: {
      error: {
        message,
        type: error.code === 'insufficient_quota' ? error.code : type,
        param: null,
        code: wireCode,
      },
    },
  }
}

/** The event of an error after HTTP 200. */
export function toOpenaiErrorFrame(code: string | null, message: string): string {
  const type = code === null ? 'server_error' : code
  return `data: ${JSON.stringify({ error: { message, type, param: null, code } })}\n\n`
}
