import type { ErrorBody } from '@llmchat/protocol/api/common-schema'
import type { AppError } from '../../base/app-error.ts'

/** An error as its client knows it. */
export interface ErrorReply {
  mediaType: string
  body: unknown
}

/** `url`: the address that was asked, for those whose clients know another shape than ours. */
export type ToErrorReply = (error: AppError, requestId: string, url: string) => ErrorReply

/** Ours: `{error: {code, message, requestId, details?}}`. */
export function toErrorBody(error: AppError, requestId: string): ErrorBody {
  const details = error.details === undefined ? {} : { details: error.details }
  return { error: { code: error.code, message: error.message, requestId, ...details } }
}
