import { toErrorText } from '../../../shared/i18n/error-text.ts'
import { useText } from '../../../shared/i18n/use-text.ts'
import { ErrorCodeLine } from '../../../shared/ui/ErrorCodeLine.tsx'
import { Say } from '../../../shared/ui/Say.tsx'
import { Skeleton, useIsLate } from '../../../shared/ui/Skeleton.tsx'
import type { ApiError } from '../../../shared/api/api-error.ts'

/** A chat on its way, of the height of its content; not for the first 200 ms. */
export function ThreadSkeleton() {
  const text = useText()
  const isLate = useIsLate()
  return (
    <div className="chat-loading" role="status" aria-busy="true" aria-label={text('chat.load.busy')}>
      {isLate ? (
        <>
          <div className="line">
            <Skeleton height="1.75rem" isRound />
            <span>
              <Skeleton width="52%" />
            </span>
          </div>
          <div className="line">
            <Skeleton height="1.75rem" />
            <span>
              {['24%', '100%', '94%', '97%', '61%'].map((width) => (
                <Skeleton key={width} width={width} />
              ))}
            </span>
          </div>
        </>
      ) : null}
    </div>
  )
}

/** The chat could not be read: why, what became of your text, what to do. */
export function ThreadError({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  const text = useText()
  const isMissing = error.status === 404
  return (
    <div role="alert">
      <Say
        icon={isMissing ? 'search' : 'warning'}
        kind={isMissing ? 'plain' : 'bad'}
        headingLevel={2}
        title={text(isMissing ? 'chat.load.missing' : 'chat.load.failed')}
      >
        <p>{toErrorText(text, error)}</p>
        <ErrorCodeLine error={error} />
        {isMissing ? null : (
          <div className="do">
            <button type="button" className="btn primary" onClick={onRetry}>
              {text('common.retry')}
            </button>
          </div>
        )}
      </Say>
    </div>
  )
}
