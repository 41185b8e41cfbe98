import { ApiError } from '../../shared/api/api-error.ts'
import { toErrorText } from '../../shared/i18n/error-text.ts'
import type { Text } from '../../shared/i18n/text-key.ts'
import { useText } from '../../shared/i18n/use-text.ts'
import { ErrorCodeLine } from '../../shared/ui/ErrorCodeLine.tsx'
import { Icon } from '../../shared/ui/Icon.tsx'

/** What stands above a login: why it is asked for, or what went wrong with it. */
export function ExpiredNote() {
  const text = useText()
  return (
    <p className="auth-note kept" role="status">
      <Icon name="info" />
      <span>{text('auth.login.expired')}</span>
    </p>
  )
}

/** Said at once to screen readers. The code stands below only where an administrator could use it. */
export function ErrorNote({ error }: { error: unknown }) {
  const text = useText()
  const isPlain =
    error instanceof ApiError && ([401, 409, 429].includes(error.status) || error.code === 'password_refused')
  return (
    <div className="auth-note" role="alert">
      <Icon name="warning" />
      <span>
        {toAuthErrorText(text, error)}
        {isPlain ? null : <ErrorCodeLine error={error} />}
      </span>
    </div>
  )
}

function toAuthErrorText(text: Text, error: unknown): string {
  if (!(error instanceof ApiError)) return toErrorText(text, error)
  if (error.code === 'invalid_credentials') return text('auth.login.invalid')
  if (error.code === 'set_up_closed') return text('auth.setUp.closed')
  if (error.code !== 'rate_limited') return toErrorText(text, error)
  if (error.retryAfterMs === null) return text('auth.login.limitedSoon')
  return text('auth.login.limited', { seconds: Math.ceil(error.retryAfterMs / 1000) })
}
