import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ApiError } from '../../../shared/api/api-error.ts'
import { listSessions, recentSessionsQuery } from '../../../shared/api/sessions.ts'
import { useChatRuntime } from '../runtime/chat-runtime-context.ts'
import type { SessionList } from './session-list.ts'

const pollMs = 5_000

/** Keeps the list true while the tab is visible, and tells the runtime what has happened elsewhere. */
export function useSessionPolling(list: SessionList): void {
  const runtime = useChatRuntime()
  const { data, error, errorUpdatedAt } = useQuery(recentSessionsQuery)
  useEffect(() => {
    if (!data) return
    list.takeRecent(data)
    for (const session of data.sessions) runtime.note(session)
  }, [data, list, runtime])
  useEffect(() => {
    const isLost = error instanceof ApiError && error.code === 'network'
    runtime.connection.report('list', isLost ? { retryAtMs: errorUpdatedAt + pollMs } : null)
  }, [error, errorUpdatedAt, runtime])
}

/** Reads the next older page, one at a time. A failed page is asked for again by the next scroll. */
export function useOlderSessions(list: SessionList): { isLoading: boolean; loadMore: () => void } {
  const [isLoading, setIsLoading] = useState(false)
  const loadMore = () => {
    const { nextCursor } = list.getState()
    if (isLoading || nextCursor === null) return
    setIsLoading(true)
    listSessions(nextCursor)
      .then(list.takeOlder, () => undefined)
      .finally(() => setIsLoading(false))
  }
  return { isLoading, loadMore }
}
