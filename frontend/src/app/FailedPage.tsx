import { toErrorText } from '../shared/i18n/error-text.ts'
import { useText } from '../shared/i18n/use-text.ts'
import { ErrorCodeLine } from '../shared/ui/ErrorCodeLine.tsx'
import { Say } from '../shared/ui/Say.tsx'
import './app.css'

/** The page could not even learn who is reading it. */
export function FailedPage({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const text = useText()
  return (
    <main className="app-center">
      <Say icon="offline" kind="bad" title={text('auth.failed.title')} headingLevel={1}>
        <p>{toErrorText(text, error)}</p>
        <ErrorCodeLine error={error} />
        <div className="do">
          <button type="button" className="btn primary" onClick={onRetry}>
            {text('common.retry')}
          </button>
        </div>
      </Say>
    </main>
  )
}
