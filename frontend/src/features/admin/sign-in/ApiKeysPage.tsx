import type { OwnedApiKey } from '@llmchat/protocol/api/credential-list-schema'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { apiKeysQuery } from '../api/sign-in.ts'
import { PageHead } from '../frame/PageHead.tsx'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import type { Confirmation } from '../ui/ConfirmDialog.tsx'
import type { Column } from '../ui/DataTable.tsx'
import { FilterBar, TextFilter } from '../ui/FilterBar.tsx'
import { ListCard } from '../ui/ListCard.tsx'
import { Moment } from '../ui/Moment.tsx'
import { useSearchState } from '../ui/use-search-state.ts'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { KeyExpiry, KeyScopes } from './ApiKeyParts.tsx'
import { CreateKeyDialog } from './CreateKeyDialog.tsx'
import { OwnerLink } from './OwnerLink.tsx'
import { RevokeKeyButton } from './RevokeKeyButton.tsx'

/** Every program's key; each person makes their own. */
export default function ApiKeysPage() {
  const text = useAdminText()
  const { get, change } = useSearchState()
  const [confirmation, setConfirmation] = useState<Confirmation | null>(null)
  const [isCreating, setIsCreating] = useState(false)
  const q = get('q')
  const list = useInfiniteQuery(apiKeysQuery(q))
  const clear = q === '' ? null : () => change({ q: '' })
  return (
    <>
      <PageHead title={text('admin.page.apiKeys')} note={text('admin.keys.note')}>
        <button type="button" className="btn primary" onClick={() => setIsCreating(true)}>
          <Icon name="plus" isSmall />
          {text('admin.keys.create')}
        </button>
      </PageHead>
      <div className="admin-body">
        <FilterBar onClear={clear}>
          <TextFilter label={text('admin.keys.search')} value={q} onChange={(next) => change({ q: next })} />
        </FilterBar>
        <ListCard
          title={text('admin.page.apiKeys')}
          label={text('admin.keys.table')}
          columns={useColumns(setConfirmation)}
          rows={list.data?.pages.flatMap(({ apiKeys }) => apiKeys)}
          toKey={({ id }) => id}
          error={list.error}
          onRetry={() => void list.refetch()}
          isBusy={list.isFetching}
          empty={{ title: text('admin.keys.none'), text: text('admin.keys.none.text') }}
          onClearFilter={clear}
          onMore={list.hasNextPage ? () => void list.fetchNextPage() : null}
        />
      </div>
      {confirmation ? <ConfirmDialog confirmation={confirmation} onClose={() => setConfirmation(null)} /> : null}
      {isCreating ? <CreateKeyDialog onClose={() => setIsCreating(false)} /> : null}
    </>
  )
}

function useColumns(onConfirm: (confirmation: Confirmation) => void): Column<OwnedApiKey>[] {
  const text = useAdminText()
  const { mayAdminister } = useViewer()
  const columns: Column<OwnedApiKey>[] = [
    { key: 'name', header: text('admin.keys.name'), isRowHeader: true, cell: ({ name }) => name },
    { key: 'prefix', header: text('admin.keys.prefix'), cell: ({ prefix }) => <code>{prefix}…</code> },
    { key: 'owner', header: text('admin.keys.owner'), cell: ({ owner }) => <OwnerLink owner={owner} /> },
    { key: 'scopes', header: text('admin.keys.scopes'), cell: ({ scopes }) => <KeyScopes scopes={scopes} /> },
    {
      key: 'rate',
      header: text('admin.keys.rate'),
      isNumber: true,
      cell: ({ rateLimitPerMinute }) =>
        rateLimitPerMinute ?? <span className="admin-none">{text('admin.keys.rate.shared')}</span>,
    },
    {
      key: 'used',
      header: text('admin.keys.used'),
      cell: ({ lastUsedAt }) => <Moment iso={lastUsedAt} none={text('admin.never')} />,
    },
    {
      key: 'expires',
      header: text('admin.keys.expires'),
      cell: ({ expiresAt }) => <KeyExpiry expiresAt={expiresAt} />,
    },
    {
      key: 'created',
      header: text('admin.keys.created'),
      order: 'descending',
      cell: ({ createdAt }) => <Moment iso={createdAt} />,
    },
  ]
  if (!mayAdminister) return columns
  return [
    ...columns,
    {
      key: 'acts',
      header: text('admin.actions'),
      isHeaderHidden: true,
      cell: (apiKey) => <RevokeKeyButton apiKey={apiKey} owner={apiKey.owner} onConfirm={onConfirm} />,
    },
  ]
}
