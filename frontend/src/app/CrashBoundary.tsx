import { Component } from 'react'
import type { ReactNode } from 'react'
import { useText } from '../shared/i18n/use-text.ts'
import { ErrorCodeLine } from '../shared/ui/ErrorCodeLine.tsx'
import { Say } from '../shared/ui/Say.tsx'
import './app.css'

interface CrashState {
  error: { thrown: unknown } | null
}

/**
 * Catches what rendering throws and offers to load the page anew. React knows no other way than a class, and reports the
 * error to the console by itself.
 */
export class CrashBoundary extends Component<{ children: ReactNode }, CrashState> {
  override state: CrashState = { error: null }

  static getDerivedStateFromError(thrown: unknown): CrashState {
    return { error: { thrown } }
  }

  override render(): ReactNode {
    return this.state.error ? <CrashPage thrown={this.state.error.thrown} /> : this.props.children
  }
}

function CrashPage({ thrown }: { thrown: unknown }) {
  const text = useText()
  return (
    <main className="app-center" role="alert">
      <Say icon="warning" kind="bad" title={text('common.crash.title')} headingLevel={1}>
        <p>{text('common.crash.text')}</p>
        <ErrorCodeLine error={thrown} />
        <div className="do">
          <button type="button" className="btn primary" onClick={() => window.location.reload()}>
            {text('common.reload')}
          </button>
        </div>
      </Say>
    </main>
  )
}
