import type { Group } from '@llmchat/protocol/api/admin-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../../../shared/ui/Dialog.tsx'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { createGroup, groupsQuery } from '../api/groups.ts'
import { PageHead } from '../frame/PageHead.tsx'
import { toRoleNames } from '../to-role-names.ts'
import type { Column } from '../ui/DataTable.tsx'
import { ListCard } from '../ui/ListCard.tsx'
import { Moment } from '../ui/Moment.tsx'
import { StepLink } from '../ui/StepLink.tsx'
import { useSearchState } from '../ui/use-search-state.ts'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { GroupDrawer } from './GroupDrawer.tsx'
import { GroupForm } from './GroupForm.tsx'

/** Groups, who is in them, and which agents they may see. */
export default function GroupsPage() {
  const text = useAdminText()
  const { mayAdminister } = useViewer()
  const { get, change } = useSearchState()
  const { data, error, refetch, isFetching } = useQuery(groupsQuery)
  const [isCreating, setIsCreating] = useState(false)
  const openId = get('group')
  const columns: Column<Group>[] = [
    {
      key: 'name',
      header: text('admin.groups.name'),
      isRowHeader: true,
      order: 'ascending',
      toSortValue: ({ name }) => name,
      cell: ({ id, name }) => <StepLink changes={{ group: id }}>{name}</StepLink>,
    },
    {
      key: 'description',
      header: text('admin.groups.description'),
      cell: ({ description }) => description || text('admin.none'),
    },
    {
      key: 'members',
      header: text('admin.groups.members'),
      isNumber: true,
      toSortValue: ({ memberCount }) => memberCount,
      cell: ({ memberCount }) => memberCount,
    },
    {
      key: 'created',
      header: text('admin.groups.created'),
      toSortValue: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Moment iso={createdAt} />,
    },
  ]
  return (
    <>
      <PageHead
        title={text('admin.page.groups')}
        note={
          mayAdminister ? text('admin.groups.note') : text('admin.readOnly', { roles: toRoleNames(text, ['admin']) })
        }
      >
        {mayAdminister ? (
          <button type="button" className="btn primary" onClick={() => setIsCreating(true)}>
            <Icon name="plus" isSmall />
            {text('admin.groups.create')}
          </button>
        ) : null}
      </PageHead>
      <div className="admin-body">
        <ListCard
          title={text('admin.page.groups')}
          label={text('admin.groups.table')}
          columns={columns}
          rows={data}
          toKey={({ id }) => id}
          error={error}
          onRetry={() => void refetch()}
          isBusy={isFetching}
          empty={{ title: text('admin.groups.none'), text: text('admin.groups.none.text') }}
        />
      </div>
      {isCreating ? (
        <Dialog isOpen onClose={() => setIsCreating(false)} title={text('admin.groups.create')}>
          <GroupForm
            group={null}
            act={text('admin.groups.create.act')}
            run={createGroup}
            toDone={(name) => text('admin.groups.create.done', { name })}
            onClose={() => setIsCreating(false)}
          />
        </Dialog>
      ) : null}
      {openId === '' ? null : <GroupDrawer key={openId} groupId={openId} onClose={() => change({ group: '' })} />}
    </>
  )
}
