import { ErrorCodeLine } from '../../../shared/ui/ErrorCodeLine.tsx'
import { Say } from '../../../shared/ui/Say.tsx'
import { toAdminErrorText } from '../admin-error-text.ts'
import { useAdminText } from '../use-admin-text.ts'

interface LoadFailureProps {
  error: unknown
  onRetry: () => void
  /** One line, above what is still there. */
  isSmall?: boolean
}

/** What did not load, why, and the way to try again. */
export function LoadFailure({ error, onRetry, isSmall = false }: LoadFailureProps) {
  const text = useAdminText()
  const retry = (
    <button type="button" className="btn" onClick={onRetry}>
      {text('common.retry')}
    </button>
  )
  if (isSmall) {
    return (
      <div className="admin-stale" role="alert">
        <p>{toAdminErrorText(text, error)}</p>
        {retry}
      </div>
    )
  }
  return (
    <div role="alert" className="admin-failure">
      <Say icon="warning" kind="bad" title={text('admin.failed')}>
        <p>{toAdminErrorText(text, error)}</p>
        <ErrorCodeLine error={error} />
        <div className="do">{retry}</div>
      </Say>
    </div>
  )
}
