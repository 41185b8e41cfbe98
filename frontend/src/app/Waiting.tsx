import { useText } from '../shared/i18n/use-text.ts'
import { useIsLate } from '../shared/ui/Skeleton.tsx'
import './app.css'

/** Between the first paint and the page: nothing at first, then the live mark, so that a slow start is no blank page. */
export function Waiting() {
  const text = useText()
  const isLate = useIsLate()
  return (
    <main className="app-center" aria-busy="true" aria-label={text('common.loading')}>
      {isLate ? (
        <span className="live-mark app-waiting" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      ) : null}
    </main>
  )
}
