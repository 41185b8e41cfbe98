import { errorCatalogue, type ErrorCode } from '@llmchat/protocol/error-code'

interface AppErrorOptions {
  /** English, safe to show; default: the catalogue's sentence. Never contains secrets or people's content. */
  message?: string
  cause?: unknown
  /** Machine-readable, safe to show. */
  details?: unknown
  retryAfterMs?: number
}

/** The one error class of the backend. Anything else that is thrown is a bug and is answered as `internal`. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: unknown
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(options.message ?? errorCatalogue[code].message, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.details = options.details
    this.retryAfterMs = options.retryAfterMs
  }
}
