import { useEffect, useState, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import { useText } from '../../../shared/i18n/use-text.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { useChatRuntime } from '../runtime/chat-runtime-context.ts'
import { toNextTryMs } from './connection-store.ts'
import { useIsDegraded } from './use-is-degraded.ts'

/**
 * Says that the server is not reached, when the next try comes, and what becomes of what is written meanwhile; else that
 * it serves, but degraded.
 */
export function ConnectionBanner({ isStreaming }: { isStreaming: boolean }) {
  const { connection } = useChatRuntime()
  const nextTryMs = useStore(connection, toNextTryMs)
  const isOnline = useSyncExternalStore(listenToNetwork, () => navigator.onLine)
  const isDegraded = useIsDegraded(isStreaming)
  if (!isOnline || nextTryMs !== null) return <LostBanner isOnline={isOnline} nextTryMs={nextTryMs} />
  return isDegraded ? <DegradedBanner /> : null
}

function DegradedBanner() {
  const text = useText()
  return (
    <div className="banner" role="status">
      <Icon name="warning" />
      <p>
        <strong>{text('chat.degraded')}</strong>
        {text('chat.degraded.note')}
      </p>
    </div>
  )
}

function LostBanner({ isOnline, nextTryMs }: { isOnline: boolean; nextTryMs: number | null }) {
  const text = useText()
  const { retryNow } = useChatRuntime()
  return (
    <div className="banner chat-banner" role="status">
      <Icon name="offline" />
      <p>
        <strong>{text(isOnline ? 'chat.lost' : 'chat.offline')}</strong>
        {nextTryMs === null ? null : (
          <>
            {' · '}
            <Countdown untilMs={nextTryMs} />
          </>
        )}
        <small>{text('chat.offline.note')}</small>
      </p>
      <button type="button" className="btn quiet" onClick={retryNow}>
        {text('chat.lost.action')}
      </button>
    </div>
  )
}

/** Not announced every second: the banner's first words were. */
function Countdown({ untilMs }: { untilMs: number }) {
  const text = useText()
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.ceil((untilMs - nowMs) / 1000)
  return (
    <span className="num" aria-live="off">
      {seconds > 0 ? text('chat.lost.retry', { seconds }) : text('chat.lost.now')}
    </span>
  )
}

function listenToNetwork(listener: () => void): () => void {
  window.addEventListener('online', listener)
  window.addEventListener('offline', listener)
  return () => {
    window.removeEventListener('online', listener)
    window.removeEventListener('offline', listener)
  }
}
