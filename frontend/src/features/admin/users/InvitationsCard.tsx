import type { Invitation } from '@llmchat/protocol/api/identity-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { invitationsQuery, revokeInvitation } from '../api/users.ts'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import type { Confirmation } from '../ui/ConfirmDialog.tsx'
import type { Column } from '../ui/DataTable.tsx'
import { ListCard } from '../ui/ListCard.tsx'
import { Moment } from '../ui/Moment.tsx'
import { useAdminText } from '../use-admin-text.ts'

/** Links that nobody has opened yet; not there while there are none. */
export function InvitationsCard() {
  const text = useAdminText()
  const { data, error, refetch, isFetching } = useQuery(invitationsQuery)
  const [confirmation, setConfirmation] = useState<Confirmation | null>(null)
  if (error === null && (data === undefined || data.length === 0)) return null
  const columns: Column<Invitation>[] = [
    { key: 'email', header: text('admin.users.email'), isRowHeader: true, cell: ({ email }) => email },
    { key: 'name', header: text('admin.users.name'), cell: ({ name }) => name || text('admin.none') },
    { key: 'role', header: text('admin.users.role'), cell: ({ role }) => text(`admin.role.${role}`) },
    { key: 'created', header: text('admin.users.created'), cell: ({ createdAt }) => <Moment iso={createdAt} /> },
    { key: 'expires', header: text('admin.invite.expires'), cell: ({ expiresAt }) => <Moment iso={expiresAt} /> },
    {
      key: 'acts',
      header: text('admin.actions'),
      isHeaderHidden: true,
      cell: ({ id, email }) => (
        <button
          type="button"
          className="btn"
          aria-label={text('admin.invite.revokeNamed', { email })}
          onClick={() =>
            setConfirmation({
              title: text('admin.invite.revoke.title', { email }),
              text: text('admin.invite.revoke.text'),
              act: text('admin.invite.revoke'),
              done: text('admin.invite.revoke.done', { email }),
              run: () => revokeInvitation(id),
            })
          }
        >
          {text('admin.invite.revoke')}
        </button>
      ),
    },
  ]
  return (
    <>
      <ListCard
        title={text('admin.invite.list')}
        label={text('admin.invite.list')}
        columns={columns}
        rows={data}
        toKey={({ id }) => id}
        error={error}
        onRetry={() => void refetch()}
        isBusy={isFetching}
        empty={{ title: text('admin.noMatch') }}
      />
      {confirmation ? <ConfirmDialog confirmation={confirmation} onClose={() => setConfirmation(null)} /> : null}
    </>
  )
}
