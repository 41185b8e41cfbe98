import type { ChatSession, ChatSessionPage, UpdateSessionRequest } from '@llmchat/protocol/api/chat-schema'
import { queryOptions } from '@tanstack/react-query'
import { requestJson } from './request-json.ts'

const pageSize = 40

/**
 * The first page of a person's chats; polled while the tab is visible, so that running and unread marks are true. Older
 * pages are read once, by `listSessions`: polling them too would cost the more the further one scrolls.
 */
export const recentSessionsQuery = queryOptions({
  queryKey: ['sessions', 'recent'],
  queryFn: ({ signal }) => listSessions(null, signal),
  staleTime: 0,
  refetchInterval: 5_000,
  refetchOnWindowFocus: 'always',
})

export function listSessions(cursor: string | null, signal?: AbortSignal): Promise<ChatSessionPage> {
  const query = new URLSearchParams({ limit: String(pageSize), ...(cursor === null ? {} : { cursor }) })
  return requestJson(`/api/chat/sessions?${query.toString()}`, { signal })
}

export function updateSession(id: string, change: UpdateSessionRequest): Promise<ChatSession> {
  return requestJson(`/api/chat/sessions/${encodeURIComponent(id)}`, { method: 'PATCH', body: change })
}

export function deleteSession(id: string): Promise<void> {
  return requestJson(`/api/chat/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' })
}

/** Where the browser downloads the chat from. */
export function toExportUrl(id: string, format: 'md' | 'json'): string {
  return `/api/chat/sessions/${encodeURIComponent(id)}/export?format=${format}`
}
