import type { AdminUser, Group } from '@llmchat/protocol/api/admin-schema'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { setMember } from '../api/groups.ts'
import { usersQuery } from '../api/users.ts'
import type { Confirmation } from '../ui/ConfirmDialog.tsx'
import { DrawerSection } from '../ui/Drawer.tsx'
import { TextFilter } from '../ui/FilterBar.tsx'
import { FormError } from '../ui/FormError.tsx'
import { LoadFailure } from '../ui/LoadFailure.tsx'
import { useAct } from '../ui/use-act.ts'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'

interface GroupMembersProps {
  group: Group
  onConfirm: (confirmation: Confirmation) => void
}

const everybody = { q: '', role: '', state: '', groupId: '' }

/** Who is in the group; administrators take people out and in. */
export function GroupMembers({ group, onConfirm }: GroupMembersProps) {
  const text = useAdminText()
  const { mayAdminister } = useViewer()
  const list = useInfiniteQuery(usersQuery({ ...everybody, groupId: group.id }))
  const members = list.data?.pages.flatMap(({ users }) => users)
  return (
    <DrawerSection title={`${text('admin.groups.members')} · ${String(group.memberCount)}`}>
      {list.error === null ? null : <LoadFailure error={list.error} onRetry={() => void list.refetch()} isSmall />}
      {members?.length === 0 ? <p>{text('admin.groups.members.none')}</p> : null}
      <ul className="admin-rows" aria-label={text('admin.groups.members')} aria-busy={members === undefined}>
        {members?.map((user) => (
          <li key={user.id}>
            <Person user={user} />
            {mayAdminister ? (
              <button
                type="button"
                className="btn"
                aria-label={text('admin.groups.removeNamed', { name: user.name })}
                onClick={() =>
                  onConfirm({
                    title: text('admin.groups.remove.title', { name: user.name, group: group.name }),
                    text: text('admin.groups.remove.text'),
                    act: text('admin.groups.remove'),
                    done: text('admin.groups.remove.done', { name: user.name, group: group.name }),
                    run: () => setMember(group.id, user.id, false),
                  })
                }
              >
                {text('admin.groups.remove')}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {list.hasNextPage ? (
        <button type="button" className="btn" onClick={() => void list.fetchNextPage()}>
          {text('admin.more')}
        </button>
      ) : null}
      {mayAdminister ? <AddMember group={group} /> : null}
    </DrawerSection>
  )
}

const maxFound = 8

function AddMember({ group }: { group: Group }) {
  const text = useAdminText()
  const [q, setQ] = useState('')
  const found = useInfiniteQuery({ ...usersQuery({ ...everybody, q, state: 'active' }), enabled: q !== '' })
  const others = found.data?.pages
    .flatMap(({ users }) => users)
    .filter((user) => user.groups.every(({ id }) => id !== group.id))
    .slice(0, maxFound)
  return (
    <>
      <TextFilter label={text('admin.groups.add.search')} value={q} onChange={setQ} />
      {q === '' ? null : (
        <div aria-live="polite" aria-busy={found.isFetching}>
          <FormError error={found.error} />
          {others?.length === 0 ? <p className="admin-none">{text('admin.groups.add.none')}</p> : null}
          <ul className="admin-rows" aria-label={text('admin.groups.add.search')}>
            {others?.map((user) => (
              <FoundPerson key={user.id} group={group} user={user} />
            ))}
          </ul>
        </div>
      )}
    </>
  )
}

function FoundPerson({ group, user }: { group: Group; user: AdminUser }) {
  const text = useAdminText()
  const { id, name } = user
  const add = useAct({
    run: () => setMember(group.id, id, true),
    done: text('admin.groups.add.done', { name, group: group.name }),
  })
  return (
    <li>
      <Person user={user} />
      <FormError error={add.error} />
      <button
        type="button"
        className="btn"
        aria-label={text('admin.groups.addNamed', { name })}
        aria-disabled={add.isPending}
        onClick={() => (add.isPending ? undefined : add.mutate())}
      >
        {text('admin.groups.add')}
      </button>
    </li>
  )
}

function Person({ user }: { user: AdminUser }) {
  return (
    <span>
      {user.name}
      <small>{user.email}</small>
    </span>
  )
}
