import { AuthorizationResponseError, ResponseBodyError } from 'openid-client'
import { AppError } from '../../base/app-error.ts'

/** Of a sign-in that fell through: what the person is told. */
type SignInErrorCode = 'sign_in_cancelled' | 'directory_unavailable' | 'directory_refused'

const MAX_DEPTH = 5
const AWAY = ['server_error', 'temporarily_unavailable']

function* listCauses(error: unknown): Generator {
  let cause = error
  for (let depth = 0; depth < MAX_DEPTH && cause !== undefined && cause !== null; depth += 1) {
    yield cause
    cause = cause instanceof Error ? cause.cause : undefined
  }
}

function toCode(cause: unknown): SignInErrorCode | null {
  if (cause instanceof AuthorizationResponseError) {
    if (cause.error === 'access_denied') return 'sign_in_cancelled'
    return AWAY.includes(cause.error) ? 'directory_unavailable' : 'directory_refused'
  }
  if (cause instanceof ResponseBodyError) return cause.status >= 500 ? 'directory_unavailable' : 'directory_refused'
  if (cause instanceof Response) return cause.status >= 500 ? 'directory_unavailable' : 'directory_refused'
  // Of the way out: not reachable, or not allowed.
  return cause instanceof AppError ? 'directory_unavailable' : null
}

/**
 * Anything thrown on the way to and from the provider. Whatever is not known to be its absence counts as an answer that
 * cannot be trusted.
 */
export function toSignInError(error: unknown): AppError {
  for (const cause of listCauses(error)) {
    const code = toCode(cause)
    if (code !== null) return new AppError(code, { cause: error })
  }
  return new AppError('directory_refused', { cause: error })
}
