import { isErrorCode } from '@llmchat/protocol/error-code'
import { ApiError } from '../../shared/api/api-error.ts'

/** What the company's sign-in came back with, in the page's address (`/login?error=code`); null: nothing went wrong. */
export function findSignInError(search: string): ApiError | null {
  const code = new URLSearchParams(search).get('error')
  if (!isErrorCode(code)) return null
  return new ApiError({ code, message: code, requestId: null, status: 401, retryAfterMs: null })
}
