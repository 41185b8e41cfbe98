import { Link } from 'wouter'
import { useText } from '../shared/i18n/use-text.ts'
import { Say } from '../shared/ui/Say.tsx'
import './app.css'

/** For an address no page has. */
export function NotFoundPage() {
  const text = useText()
  return (
    <main className="app-center">
      <Say icon="search" title={text('common.notFound.title')} headingLevel={1}>
        <p>{text('common.notFound.text')}</p>
        <div className="do">
          <Link href="/" className="btn primary">
            {text('common.notFound.home')}
          </Link>
        </div>
      </Say>
    </main>
  )
}
