import type { AuditEntry } from '@llmchat/protocol/api/audit-schema'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { auditQuery, listPeopleIn, peopleQuery, toAuditExportUrl } from '../api/audit.ts'
import type { AuditFilter } from '../api/audit.ts'
import { groupsQuery } from '../api/groups.ts'
import { PageHead } from '../frame/PageHead.tsx'
import type { Column } from '../ui/DataTable.tsx'
import { ListCard } from '../ui/ListCard.tsx'
import { Moment } from '../ui/Moment.tsx'
import { useSearchState } from '../ui/use-search-state.ts'
import { useAdminText } from '../use-admin-text.ts'
import { AuditFilters } from './AuditFilters.tsx'
import { ActorName, OutcomeBadge, TargetName } from './AuditParts.tsx'
import type { Names } from './AuditParts.tsx'
import { EntryDrawer } from './EntryDrawer.tsx'

const formats = ['csv', 'json'] as const

const nothing: Record<keyof AuditFilter, string> = {
  actorId: '',
  action: '',
  targetKind: '',
  targetId: '',
  outcome: '',
  from: '',
  until: '',
}

/** Who did what, on what, from where, and what came of it. */
export default function AuditPage() {
  const text = useAdminText()
  const { get, change } = useSearchState()
  const [opened, setOpened] = useState<AuditEntry | null>(null)
  const filter: AuditFilter = {
    actorId: get('actorId'),
    action: get('action'),
    targetKind: get('targetKind'),
    targetId: get('targetId'),
    outcome: get('outcome'),
    from: get('from'),
    until: get('until'),
  }
  const list = useInfiniteQuery(auditQuery(filter))
  const entries = list.data?.pages.flatMap((page) => page.entries)
  const names = useNames(entries ?? [])
  const clear = Object.values(filter).some((value) => value !== '') ? () => change(nothing) : null
  return (
    <>
      <PageHead title={text('admin.page.audit')} note={text('admin.audit.note')}>
        {formats.map((format) => (
          <a
            key={format}
            className="btn"
            href={toAuditExportUrl(filter, format)}
            download={`audit-log.${format}`}
            title={text('admin.audit.export.hint')}
          >
            <Icon name="download" isSmall />
            {text('admin.audit.export', { format: format.toUpperCase() })}
          </a>
        ))}
      </PageHead>
      <div className="admin-body">
        <AuditFilters filter={filter} onChange={change} onClear={clear} />
        <ListCard
          title={text('admin.audit.entries')}
          label={text('admin.audit.table')}
          columns={useColumns(names, setOpened)}
          rows={entries}
          toKey={({ seq }) => String(seq)}
          error={list.error}
          onRetry={() => void list.refetch()}
          isBusy={list.isFetching}
          empty={{ title: text('admin.audit.none') }}
          onClearFilter={clear}
          onMore={list.hasNextPage ? () => void list.fetchNextPage() : null}
        />
      </div>
      {opened ? (
        <EntryDrawer
          entry={opened}
          names={names}
          onClose={() => setOpened(null)}
          onFilter={(changes) => {
            setOpened(null)
            change({ ...nothing, ...changes })
          }}
        />
      ) : null}
    </>
  )
}

/** People by address and groups by name, as they are called now. */
function useNames(entries: readonly AuditEntry[]): Names {
  const people = useQuery(peopleQuery(listPeopleIn(entries))).data
  const groups = useQuery(groupsQuery).data
  return new Map([...(people ?? []), ...(groups ?? []).map(({ id, name }) => [id, name] as const)])
}

function useColumns(names: Names, onOpen: (entry: AuditEntry) => void): Column<AuditEntry>[] {
  const text = useAdminText()
  return [
    {
      key: 'time',
      header: text('admin.audit.time'),
      isRowHeader: true,
      order: 'descending',
      cell: (entry) => (
        <button
          type="button"
          className="admin-link"
          aria-haspopup="dialog"
          title={text('admin.audit.open', { seq: entry.seq })}
          onClick={() => onOpen(entry)}
        >
          <Moment iso={entry.at} hasSeconds />
        </button>
      ),
    },
    { key: 'who', header: text('admin.audit.who'), cell: (entry) => <ActorName entry={entry} names={names} /> },
    { key: 'action', header: text('admin.audit.action'), cell: ({ action }) => <code>{action}</code> },
    {
      key: 'target',
      header: text('admin.audit.target'),
      cell: (entry) => <TargetName entry={entry} names={names} />,
    },
    { key: 'from', header: text('admin.audit.from'), cell: ({ address }) => address ?? text('admin.none') },
    { key: 'outcome', header: text('admin.audit.outcome'), cell: (entry) => <OutcomeBadge entry={entry} /> },
  ]
}
