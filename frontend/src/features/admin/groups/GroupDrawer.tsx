import type { Group } from '@llmchat/protocol/api/admin-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../../../shared/api/api-error.ts'
import { deleteGroup, groupsQuery, updateGroup } from '../api/groups.ts'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import type { Confirmation } from '../ui/ConfirmDialog.tsx'
import { Drawer, DrawerSection, Facts } from '../ui/Drawer.tsx'
import { DrawerSkeleton } from '../ui/DrawerSkeleton.tsx'
import { LoadFailure } from '../ui/LoadFailure.tsx'
import { Moment } from '../ui/Moment.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { GroupAgents } from './GroupAgents.tsx'
import { GroupForm } from './GroupForm.tsx'
import { GroupMembers } from './GroupMembers.tsx'

/** One group: what it is called, who is in it, what it may see. */
export function GroupDrawer({ groupId, onClose }: { groupId: string; onClose: () => void }) {
  const text = useAdminText()
  const { data, error, refetch } = useQuery(groupsQuery)
  const group = data?.find(({ id }) => id === groupId)
  return (
    <Drawer title={group?.name ?? text('admin.details')} onClose={onClose}>
      {group ? <GroupDetails group={group} onClose={onClose} /> : null}
      {!data && !error ? <DrawerSkeleton /> : null}
      {!group && (data ?? error) ? <LoadFailure error={error ?? missing} onRetry={() => void refetch()} /> : null}
    </Drawer>
  )
}

const missing = new ApiError({
  code: 'group_not_found',
  message: 'This group is not in the list.',
  requestId: null,
  status: 404,
  retryAfterMs: null,
})

function GroupDetails({ group, onClose }: { group: Group; onClose: () => void }) {
  const text = useAdminText()
  const { mayAdminister } = useViewer()
  const [isEditing, setIsEditing] = useState(false)
  const [confirmation, setConfirmation] = useState<Confirmation | null>(null)
  const [isDeleting, setIsDeleting] = useState(false)
  const { id, name, description, memberCount } = group
  const edit =
    mayAdminister && !isEditing ? (
      <button type="button" className="btn" onClick={() => setIsEditing(true)}>
        {text('admin.groups.edit')}
      </button>
    ) : null
  return (
    <>
      <DrawerSection title={text('admin.details')} action={edit}>
        {isEditing ? (
          <GroupForm
            group={group}
            act={text('common.save')}
            run={(values) => updateGroup(id, values)}
            toDone={(saved) => text('admin.groups.edit.done', { name: saved })}
            onClose={() => setIsEditing(false)}
          />
        ) : (
          <Facts
            facts={[
              [text('admin.groups.name'), name],
              [text('admin.groups.description'), description || text('admin.none')],
              [text('admin.groups.created'), <Moment key="created" iso={group.createdAt} />],
              [text('admin.users.id'), <code key="id">{id}</code>],
            ]}
          />
        )}
      </DrawerSection>
      <GroupMembers group={group} onConfirm={setConfirmation} />
      <GroupAgents group={group} />
      {mayAdminister ? (
        <div className="admin-acts">
          <button type="button" className="btn" onClick={() => setIsDeleting(true)}>
            {text('admin.groups.delete')}
          </button>
        </div>
      ) : null}
      {confirmation ? <ConfirmDialog confirmation={confirmation} onClose={() => setConfirmation(null)} /> : null}
      {isDeleting ? (
        <ConfirmDialog
          confirmation={{
            title: text('admin.groups.delete.title', { name }),
            text: text('admin.groups.delete.text', { count: memberCount }),
            act: text('admin.groups.delete'),
            done: text('admin.groups.delete.done', { name }),
            run: () => deleteGroup(id),
          }}
          onClose={() => setIsDeleting(false)}
          onDone={onClose}
        />
      ) : null}
    </>
  )
}
