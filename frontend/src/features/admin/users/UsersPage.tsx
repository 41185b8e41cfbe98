import type { AdminUser } from '@llmchat/protocol/api/admin-schema'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { groupsQuery } from '../api/groups.ts'
import { userRoles, usersQuery } from '../api/users.ts'
import { PageHead } from '../frame/PageHead.tsx'
import { toRoleNames } from '../to-role-names.ts'
import type { Column } from '../ui/DataTable.tsx'
import { FilterBar, SelectFilter, TextFilter } from '../ui/FilterBar.tsx'
import { ListCard } from '../ui/ListCard.tsx'
import { Moment } from '../ui/Moment.tsx'
import { useSearchState } from '../ui/use-search-state.ts'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { InvitationsCard } from './InvitationsCard.tsx'
import { InviteDialog } from './InviteDialog.tsx'
import { UserDrawer } from './UserDrawer.tsx'
import { UserLink, UserState } from './UserParts.tsx'

/** Who may use this place: find, invite, change, switch off. */
export default function UsersPage() {
  const text = useAdminText()
  const { mayAdminister } = useViewer()
  const { get, change } = useSearchState()
  const [isInviting, setIsInviting] = useState(false)
  const openId = get('user')
  return (
    <>
      <PageHead
        title={text('admin.page.users')}
        note={
          mayAdminister ? text('admin.users.note') : text('admin.readOnly', { roles: toRoleNames(text, ['admin']) })
        }
      >
        {mayAdminister ? (
          <button type="button" className="btn primary" onClick={() => setIsInviting(true)}>
            <Icon name="plus" isSmall />
            {text('admin.invite')}
          </button>
        ) : null}
      </PageHead>
      <div className="admin-body">
        <UserList />
        {mayAdminister ? <InvitationsCard /> : null}
      </div>
      {isInviting ? <InviteDialog onClose={() => setIsInviting(false)} /> : null}
      {openId === '' ? null : <UserDrawer key={openId} userId={openId} onClose={() => change({ user: '' })} />}
    </>
  )
}

const filterNames = ['q', 'role', 'state', 'group'] as const

function UserList() {
  const text = useAdminText()
  const { get, change } = useSearchState()
  const groups = useQuery(groupsQuery)
  const filter = { q: get('q'), role: get('role'), state: get('state'), groupId: get('group') }
  const list = useInfiniteQuery(usersQuery(filter))
  const isFiltered = filterNames.some((name) => get(name) !== '')
  const clear = isFiltered ? () => change({ q: '', role: '', state: '', group: '' }) : null
  const columns = useColumns()
  return (
    <>
      <FilterBar onClear={clear}>
        <TextFilter label={text('admin.users.search')} value={filter.q} onChange={(q) => change({ q })} />
        <SelectFilter
          label={text('admin.users.role')}
          value={filter.role}
          options={userRoles.map((role) => ({ value: role, label: text(`admin.role.${role}`) }))}
          onChange={(role) => change({ role })}
        />
        <SelectFilter
          label={text('admin.users.state')}
          value={filter.state}
          options={(['active', 'inactive'] as const).map((state) => ({
            value: state,
            label: text(`admin.users.state.${state}`),
          }))}
          onChange={(state) => change({ state })}
        />
        <SelectFilter
          label={text('admin.users.group')}
          value={filter.groupId}
          options={(groups.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(group) => change({ group })}
        />
      </FilterBar>
      <ListCard
        title={text('admin.page.users')}
        label={text('admin.users.table')}
        columns={columns}
        rows={list.data?.pages.flatMap(({ users }) => users)}
        toKey={({ id }) => id}
        error={list.error}
        onRetry={() => void list.refetch()}
        isBusy={list.isFetching}
        empty={{ title: text('admin.users.empty'), text: text('admin.users.empty.text') }}
        onClearFilter={clear}
        onMore={list.hasNextPage ? () => void list.fetchNextPage() : null}
      />
    </>
  )
}

function useColumns(): Column<AdminUser>[] {
  const text = useAdminText()
  return [
    {
      key: 'email',
      header: text('admin.users.email'),
      isRowHeader: true,
      order: 'ascending',
      cell: (user) => <UserLink user={user} />,
    },
    { key: 'name', header: text('admin.users.name'), cell: ({ name }) => name },
    { key: 'role', header: text('admin.users.role'), cell: ({ role }) => text(`admin.role.${role}`) },
    { key: 'state', header: text('admin.users.state'), cell: (user) => <UserState user={user} /> },
    {
      key: 'groups',
      header: text('admin.users.groups'),
      cell: ({ groups }) => (groups.length === 0 ? text('admin.none') : groups.map(({ name }) => name).join(' · ')),
    },
    {
      key: 'lastSeen',
      header: text('admin.users.lastSeen'),
      cell: ({ lastSeenAt }) => <Moment iso={lastSeenAt} none={text('admin.never')} />,
    },
    { key: 'created', header: text('admin.users.created'), cell: ({ createdAt }) => <Moment iso={createdAt} /> },
  ]
}
