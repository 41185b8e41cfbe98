import type { CreateGroupRequest, Group, UpdateGroupRequest } from '@llmchat/protocol/api/admin-schema'
import { queryOptions } from '@tanstack/react-query'
import { requestJson } from '../../../shared/api/request-json.ts'

export const groupsQuery = queryOptions({
  queryKey: ['admin', 'groups'],
  queryFn: async ({ signal }) => (await requestJson<{ groups: Group[] }>('/api/admin/groups', { signal })).groups,
})

/** Throws `conflict` for a name that is taken. */
export function createGroup(body: CreateGroupRequest): Promise<Group> {
  return requestJson('/api/admin/groups', { method: 'POST', body })
}

/** Throws `conflict` for a name that is taken. */
export function updateGroup(id: string, changes: UpdateGroupRequest): Promise<Group> {
  return requestJson(toGroupUrl(id), { method: 'PATCH', body: changes })
}

export function deleteGroup(id: string): Promise<void> {
  return requestJson(toGroupUrl(id), { method: 'DELETE' })
}

export function setMember(groupId: string, userId: string, isMember: boolean): Promise<void> {
  const method = isMember ? 'PUT' : 'DELETE'
  return requestJson(`${toGroupUrl(groupId)}/members/${encodeURIComponent(userId)}`, { method })
}

function toGroupUrl(id: string): string {
  return `/api/admin/groups/${encodeURIComponent(id)}`
}
