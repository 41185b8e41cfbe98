import type { SearchResponse } from '@llmchat/protocol/api/chat-schema'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { searchQuery } from '../../shared/api/search.ts'
import { recentSessionsQuery } from '../../shared/api/sessions.ts'
import type { Locale } from '../../shared/i18n/locale.ts'
import { toDayText } from '../../shared/i18n/to-day-text.ts'
import { useLocale } from '../../shared/i18n/use-locale.ts'
import type { PaletteItem } from './palette-item.ts'
import { toHitLabel } from './to-pieces.ts'

type Hit = SearchResponse['hits'][number]

const maxRecentChats = 5

/** What the server and the list of chats have for `query`; for an empty one the newest chats. */
export function useFoundItems(query: string) {
  const locale = useLocale()
  const [, navigate] = useLocation()
  const search = useQuery(searchQuery(query))
  const recent = useQuery(recentSessionsQuery)
  const hits = query === '' ? [] : (search.data?.hits ?? [])
  const open = (sessionId: string, messageId: string | null) => () =>
    navigate(`/chat/${encodeURIComponent(sessionId)}${messageId === null ? '' : `#${encodeURIComponent(messageId)}`}`)
  const titled = new Set(hits.filter(({ messageId }) => messageId === null).map(({ sessionId }) => sessionId))
  const matching = (recent.data?.sessions ?? [])
    .filter(({ id, title }) => !titled.has(id) && title.toLowerCase().includes(query.toLowerCase()))
    .slice(0, maxRecentChats)
  const chats: PaletteItem[] = matching.map(({ id, title, updatedAt }) => ({
    id: `chat-${id}`,
    group: 'chats',
    icon: 'chat',
    ...toHitLabel(title, query),
    detail: toDayText(updatedAt, locale, new Date()),
    run: open(id, null),
  }))
  const found = hits.map((hit) => toItem(hit, locale, open(hit.sessionId, hit.messageId)))
  return {
    messages: found.filter(({ group }) => group === 'messages'),
    chats: [...chats, ...found.filter(({ group }) => group === 'chats')],
    isPending: query !== '' && (search.isPending || search.isPlaceholderData),
    error: query === '' ? null : search.error,
  }
}

function toItem(hit: Hit, locale: Locale, run: () => void): PaletteItem {
  const day = toDayText(hit.createdAt, locale, new Date())
  const { messageId, snippet, ranges, sessionTitle } = hit
  return messageId === null
    ? { id: `chat-${hit.sessionId}`, group: 'chats', icon: 'chat', label: snippet, ranges, detail: day, run }
    : {
        id: `message-${messageId}`,
        group: 'messages',
        icon: 'chat',
        label: snippet,
        ranges,
        detail: `${sessionTitle} · ${day}`,
        run,
      }
}
