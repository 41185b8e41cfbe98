import type { UserRole } from '@llmchat/protocol/api/user-schema'
import { lazy } from 'react'
import type { ComponentType } from 'react'
import type { AdminTextKey } from './use-admin-text.ts'
import { adminIcons } from './frame/admin-icons.ts'

export const adminGroups = ['operation', 'people', 'governance'] as const
export type AdminGroup = (typeof adminGroups)[number]

export interface AdminPageEntry {
  /** Below `/admin/`. */
  path: string
  titleKey: Extract<AdminTextKey, `admin.page.${string}`>
  group: AdminGroup
  /** The `d` of an icon on a 20 × 20 field. */
  iconPath: string
  /** Who may read what the page shows, as the server's policies say. */
  roles: readonly UserRole[]
  Page: ComponentType
}

const readers = ['admin', 'operator', 'auditor'] as const

/** All pages of the administration area, in the order of the navigation. A new page is one entry here. */
export const adminPages: readonly AdminPageEntry[] = [
  {
    path: 'instances',
    titleKey: 'admin.page.instances',
    group: 'operation',
    iconPath: adminIcons.server,
    roles: readers,
    Page: lazy(() => import('./instances/InstancesPage.tsx')),
  },
  {
    path: 'agents',
    titleKey: 'admin.page.agents',
    group: 'operation',
    iconPath: adminIcons.bolt,
    roles: readers,
    Page: lazy(() => import('./agents/AgentsPage.tsx')),
  },
  {
    path: 'users',
    titleKey: 'admin.page.users',
    group: 'people',
    iconPath: adminIcons.user,
    roles: readers,
    Page: lazy(() => import('./users/UsersPage.tsx')),
  },
  {
    path: 'groups',
    titleKey: 'admin.page.groups',
    group: 'people',
    iconPath: adminIcons.users,
    roles: readers,
    Page: lazy(() => import('./groups/GroupsPage.tsx')),
  },
  {
    path: 'login-sessions',
    titleKey: 'admin.page.loginSessions',
    group: 'people',
    iconPath: adminIcons.device,
    roles: readers,
    Page: lazy(() => import('./sign-in/LoginSessionsPage.tsx')),
  },
  {
    path: 'api-keys',
    titleKey: 'admin.page.apiKeys',
    group: 'people',
    iconPath: adminIcons.key,
    roles: readers,
    Page: lazy(() => import('./sign-in/ApiKeysPage.tsx')),
  },
  {
    path: 'quotas',
    titleKey: 'admin.page.quotas',
    group: 'people',
    iconPath: adminIcons.gauge,
    roles: readers,
    Page: lazy(() => import('./quotas/QuotasPage.tsx')),
  },
  {
    path: 'audit',
    titleKey: 'admin.page.audit',
    group: 'governance',
    iconPath: adminIcons.list,
    roles: ['admin', 'auditor'],
    Page: lazy(() => import('./audit/AuditPage.tsx')),
  },
]
