import type { ErrorBody } from '@llmchat/protocol/api/common-schema'
import type { AppError } from '../../base/app-error.ts'

/** The JSON of an error. `url`: the address that was asked, for those whose clients know another shape. */
export type ToErrorBody = (error: AppError, requestId: string, url: string) => unknown

/** Ours: `{error: {code, message, requestId, details?}}`. */
export function toErrorBody(error: AppError, requestId: string): ErrorBody {
  const details = error.details === undefined ? {} : { details: error.details }
  return { error: { code: error.code, message: error.message, requestId, ...details } }
}
