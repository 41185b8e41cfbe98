import type { AdminUser, AdminUserPage, UpdateUserRequest } from '@llmchat/protocol/api/admin-schema'
import type { Invitation } from '@llmchat/protocol/api/identity-schema'
import type { UserRole } from '@llmchat/protocol/api/user-schema'
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { requestJson } from '../../../shared/api/request-json.ts'

export interface UserFilter {
  q: string
  role: string
  state: string
  groupId: string
}

const pageSize = 50

export const usersQuery = (filter: UserFilter) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'users', filter],
    queryFn: ({ pageParam, signal }) => {
      const query = toQuery({ ...filter, limit: String(pageSize), cursor: pageParam })
      return requestJson<AdminUserPage>(`/api/admin/users?${query}`, { signal })
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

export const userQuery = (userId: string) =>
  queryOptions({
    queryKey: ['admin', 'user', userId],
    queryFn: ({ signal }) => requestJson<AdminUser>(toUserUrl(userId), { signal }),
  })

export const invitationsQuery = queryOptions({
  queryKey: ['admin', 'invitations'],
  queryFn: async ({ signal }) =>
    (await requestJson<{ invitations: Invitation[] }>('/api/admin/invitations', { signal })).invitations,
})

/** Throws `last_admin` or `conflict` among others. */
export function updateUser(userId: string, changes: UpdateUserRequest): Promise<AdminUser> {
  return requestJson(toUserUrl(userId), { method: 'PATCH', body: changes })
}

/** Throws `last_admin` or `legal_hold` among others. */
export function eraseUser(userId: string): Promise<void> {
  return requestJson(`${toUserUrl(userId)}?mode=erase`, { method: 'DELETE' })
}

export function createResetLink(userId: string): Promise<{ url: string; expiresAt: string }> {
  return requestJson(`${toUserUrl(userId)}/password-reset-link`, { method: 'POST' })
}

/** Throws `totp_not_enrolled` among others. */
export function removeSecondFactor(userId: string): Promise<void> {
  return requestJson(`${toUserUrl(userId)}/totp`, { method: 'DELETE' })
}

export interface NewInvitation {
  email: string
  name: string
  role: Invitation['role']
}

/** Throws `conflict` for an address that has an account. */
export function createInvitation(body: NewInvitation): Promise<{ invitation: Invitation; url: string }> {
  return requestJson('/api/admin/invitations', { method: 'POST', body })
}

export function revokeInvitation(id: string): Promise<void> {
  return requestJson(`/api/admin/invitations/${encodeURIComponent(id)}`, { method: 'DELETE' })
}

export const userRoles: readonly UserRole[] = ['admin', 'operator', 'auditor', 'member']

export function toUserUrl(userId: string): string {
  return `/api/admin/users/${encodeURIComponent(userId)}`
}

/** A query string of what has a value. */
export function toQuery(values: Readonly<Record<string, string>>): string {
  return new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '')).toString()
}
