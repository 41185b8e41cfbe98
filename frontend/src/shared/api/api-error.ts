import type { ErrorCode } from '@llmchat/protocol/error-code'

/** The server's codes, and `network`: no answer came at all. */
export type ClientErrorCode = ErrorCode | 'network'

export interface ApiErrorFields {
  code: ClientErrorCode
  /** The server's English sentence, for the console; people read `toErrorText`. */
  message: string
  requestId: string | null
  /** 0 when no answer came. */
  status: number
  /** From `Retry-After`; null when the server named no time. */
  retryAfterMs: number | null
  /** What the server says beside the code. */
  details?: unknown
  cause?: unknown
}

/** A request that failed, as every caller of our HTTP API meets it. An aborted request is none: it throws AbortError. */
export class ApiError extends Error {
  readonly code: ClientErrorCode
  readonly requestId: string | null
  readonly status: number
  readonly retryAfterMs: number | null
  readonly details: unknown

  constructor(fields: ApiErrorFields) {
    super(fields.message, { cause: fields.cause })
    this.name = 'ApiError'
    this.code = fields.code
    this.requestId = fields.requestId
    this.status = fields.status
    this.retryAfterMs = fields.retryAfterMs
    this.details = fields.details
  }
}

/** Any thrown value as an `ApiError`; what we do not know is our own fault, `internal`. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const message = error instanceof Error ? error.message : 'Something failed in the page.'
  return new ApiError({ code: 'internal', message, requestId: null, status: 0, retryAfterMs: null, cause: error })
}
