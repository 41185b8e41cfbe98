import type { OwnedLoginSession } from '@llmchat/protocol/api/credential-list-schema'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { loginSessionsQuery } from '../api/sign-in.ts'
import { PageHead } from '../frame/PageHead.tsx'
import { toRoleNames } from '../to-role-names.ts'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import type { Confirmation } from '../ui/ConfirmDialog.tsx'
import type { Column } from '../ui/DataTable.tsx'
import { FilterBar, TextFilter } from '../ui/FilterBar.tsx'
import { ListCard } from '../ui/ListCard.tsx'
import { Moment } from '../ui/Moment.tsx'
import { useSearchState } from '../ui/use-search-state.ts'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { EndLoginButton } from './EndLoginButton.tsx'
import { OwnerLink } from './OwnerLink.tsx'

/** Every signed-in browser of everybody. */
export default function LoginSessionsPage() {
  const text = useAdminText()
  const { mayOperate } = useViewer()
  const { get, change } = useSearchState()
  const [confirmation, setConfirmation] = useState<Confirmation | null>(null)
  const q = get('q')
  const list = useInfiniteQuery(loginSessionsQuery(q))
  const clear = q === '' ? null : () => change({ q: '' })
  return (
    <>
      <PageHead
        title={text('admin.page.loginSessions')}
        note={
          mayOperate
            ? text('admin.logins.note')
            : text('admin.readOnly', { roles: toRoleNames(text, ['admin', 'operator']) })
        }
      />
      <div className="admin-body">
        <FilterBar onClear={clear}>
          <TextFilter label={text('admin.logins.search')} value={q} onChange={(next) => change({ q: next })} />
        </FilterBar>
        <ListCard
          title={text('admin.page.loginSessions')}
          label={text('admin.logins.table')}
          columns={useColumns(setConfirmation)}
          rows={list.data?.pages.flatMap(({ loginSessions }) => loginSessions)}
          toKey={({ id }) => id}
          error={list.error}
          onRetry={() => void list.refetch()}
          isBusy={list.isFetching}
          empty={{ title: text('admin.logins.none'), text: text('admin.logins.none.text') }}
          onClearFilter={clear}
          onMore={list.hasNextPage ? () => void list.fetchNextPage() : null}
        />
      </div>
      {confirmation ? <ConfirmDialog confirmation={confirmation} onClose={() => setConfirmation(null)} /> : null}
    </>
  )
}

function useColumns(onConfirm: (confirmation: Confirmation) => void): Column<OwnedLoginSession>[] {
  const text = useAdminText()
  const { mayOperate } = useViewer()
  const columns: Column<OwnedLoginSession>[] = [
    {
      key: 'person',
      header: text('admin.logins.person'),
      isRowHeader: true,
      cell: ({ owner }) => <OwnerLink owner={owner} />,
    },
    { key: 'name', header: text('admin.users.name'), cell: ({ owner }) => owner.name },
    {
      key: 'created',
      header: text('admin.logins.created'),
      order: 'descending',
      cell: ({ createdAt }) => <Moment iso={createdAt} />,
    },
    { key: 'seen', header: text('admin.logins.seen'), cell: ({ lastSeenAt }) => <Moment iso={lastSeenAt} /> },
    { key: 'expires', header: text('admin.logins.expires'), cell: ({ expiresAt }) => <Moment iso={expiresAt} /> },
  ]
  if (!mayOperate) return columns
  return [
    ...columns,
    {
      key: 'acts',
      header: text('admin.actions'),
      isHeaderHidden: true,
      cell: (loginSession) => (
        <EndLoginButton loginSession={loginSession} owner={loginSession.owner} onConfirm={onConfirm} />
      ),
    },
  ]
}
