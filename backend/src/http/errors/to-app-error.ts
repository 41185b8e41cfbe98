import type { ErrorCode } from '@llmchat/protocol/error-code'
import { AppError } from '../../base/app-error.ts'
import { toProblems } from './to-problems.ts'

/** What Fastify and its plugins throw, by their stable codes. */
const codeOfFrameworkError: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_CSRF_INVALID_TOKEN: 'csrf_failed',
  FST_CSRF_MISSING_SECRET: 'csrf_failed',
}

/** PostgreSQL cannot store U+0000 or half a surrogate pair (SQLSTATE 22021, 22P05): the sender's mistake, not ours. */
const unstorableText = ['22021', '22P05']

/** Any thrown value as the error the client is told. Unknown ones become `internal` and keep their cause for the log. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (!(error instanceof Error)) return new AppError('internal', { cause: error })
  const problems = toProblems(error)
  if (problems) return new AppError('invalid_request', { details: problems, cause: error })
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const known = codeOfFrameworkError[code]
  if (known) return new AppError(known, { cause: error })
  if (unstorableText.includes(code)) return toUnstorable(error)
  if (code.startsWith('FST_') && isClientStatus(error)) return new AppError('invalid_request', { cause: error })
  return new AppError('internal', { cause: error })
}

function toUnstorable(cause: Error): AppError {
  const message = 'The text contains a character that cannot be stored (U+0000 or half a surrogate pair).'
  return new AppError('invalid_request', { message, cause })
}

function isClientStatus(error: Error): boolean {
  return 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500
}
