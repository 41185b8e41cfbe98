import type { AdminUserPage } from '@llmchat/protocol/api/admin-schema'
import type { AuditEntry, AuditPage } from '@llmchat/protocol/api/audit-schema'
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { requestJson } from '../../../shared/api/request-json.ts'
import { toQuery } from './users.ts'

/** As the server takes it; empty: not filtered by. `from` and `until` are timestamps. */
export interface AuditFilter {
  actorId: string
  action: string
  targetKind: string
  targetId: string
  outcome: string
  from: string
  until: string
}

const pageSize = '50'

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'audit', filter],
    queryFn: ({ pageParam, signal }) => {
      const query = toQuery({ ...filter, limit: pageSize, cursor: pageParam })
      return requestJson<AuditPage>(`/api/admin/audit-logs?${query}`, { signal })
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

/** Where the browser downloads what the filter lets through. */
export function toAuditExportUrl(filter: AuditFilter, format: 'csv' | 'json'): string {
  return `/api/admin/audit-logs/export?${toQuery({ ...filter, format })}`
}

const maxPeople = 200

/** The addresses of these people, by id; in one request. */
export const peopleQuery = (ids: readonly string[]) => {
  const wanted = [...new Set(ids)].sort().slice(0, maxPeople)
  return queryOptions({
    queryKey: ['admin', 'people', wanted],
    queryFn: async ({ signal }) => {
      const query = toQuery({ ids: wanted.join(','), limit: String(maxPeople) })
      const { users } = await requestJson<AdminUserPage>(`/api/admin/users?${query}`, { signal })
      return new Map(users.map(({ id, email }) => [id, email]))
    },
    enabled: wanted.length > 0,
    placeholderData: keepPreviousData,
  })
}

/** Everybody that a list of acts speaks of. */
export function listPeopleIn(entries: readonly AuditEntry[]): string[] {
  return entries.flatMap(({ actorId, targetKind, targetId }) => [
    ...(actorId === null ? [] : [actorId]),
    ...(targetKind === 'user' && targetId !== null ? [targetId] : []),
  ])
}
