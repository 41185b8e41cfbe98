import type { SearchResponse } from '@llmchat/protocol/api/chat-schema'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { requestJson } from './request-json.ts'

const maxHits = 20

/** Titles and messages that contain `query`; what was found before stays while the next is looked for. */
export const searchQuery = (query: string) =>
  queryOptions({
    queryKey: ['search', query],
    queryFn: ({ signal }) => {
      const search = new URLSearchParams({ q: query, limit: String(maxHits) })
      return requestJson<SearchResponse>(`/api/chat/sessions/search?${search.toString()}`, { signal })
    },
    enabled: query !== '',
    placeholderData: keepPreviousData,
  })
