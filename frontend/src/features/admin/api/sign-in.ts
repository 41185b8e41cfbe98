import type { LoginSessionSummary } from '@llmchat/protocol/api/admin-schema'
import type { ApiKey } from '@llmchat/protocol/api/auth-schema'
import type { ApiKeyPage, LoginSessionPage } from '@llmchat/protocol/api/credential-list-schema'
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { requestJson } from '../../../shared/api/request-json.ts'
import { toQuery, toUserUrl } from './users.ts'

const pageSize = '50'

export const loginSessionsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'login-sessions', { q }],
    queryFn: ({ pageParam, signal }) => {
      const query = toQuery({ q, limit: pageSize, cursor: pageParam })
      return requestJson<LoginSessionPage>(`/api/admin/login-sessions?${query}`, { signal })
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

export const apiKeysQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'api-keys', { q }],
    queryFn: ({ pageParam, signal }) => {
      const query = toQuery({ q, limit: pageSize, cursor: pageParam })
      return requestJson<ApiKeyPage>(`/api/admin/api-keys?${query}`, { signal })
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

export const loginSessionsOfQuery = (userId: string) =>
  queryOptions({
    queryKey: ['admin', 'login-sessions', userId],
    queryFn: async ({ signal }) =>
      (
        await requestJson<{ loginSessions: LoginSessionSummary[] }>(`${toUserUrl(userId)}/login-sessions`, {
          signal,
        })
      ).loginSessions,
  })

export const apiKeysOfQuery = (userId: string) =>
  queryOptions({
    queryKey: ['admin', 'api-keys', userId],
    queryFn: async ({ signal }) =>
      (await requestJson<{ apiKeys: ApiKey[] }>(`${toUserUrl(userId)}/api-keys`, { signal })).apiKeys,
  })

export function signOutEverywhere(userId: string): Promise<void> {
  return requestJson(`${toUserUrl(userId)}/login-sessions`, { method: 'DELETE' })
}

export function endLoginSession(userId: string, id: string): Promise<void> {
  return requestJson(`${toUserUrl(userId)}/login-sessions/${encodeURIComponent(id)}`, { method: 'DELETE' })
}

export function revokeApiKey(userId: string, id: string): Promise<void> {
  return requestJson(`${toUserUrl(userId)}/api-keys/${encodeURIComponent(id)}`, { method: 'DELETE' })
}
