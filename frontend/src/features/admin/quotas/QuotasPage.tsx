import type { Quota } from '@llmchat/protocol/api/quota-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { QuotaBar } from '../../../shared/quota/QuotaBar.tsx'
import { toAmountText } from '../../../shared/quota/quota-text.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { deleteQuota, quotasQuery } from '../api/quotas.ts'
import { PageHead } from '../frame/PageHead.tsx'
import { toRoleNames } from '../to-role-names.ts'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import type { Column } from '../ui/DataTable.tsx'
import { ListCard } from '../ui/ListCard.tsx'
import { useAdminText } from '../use-admin-text.ts'
import type { AdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { CreateQuotaDialog } from './CreateQuotaDialog.tsx'
import { EditQuotaDialog } from './EditQuotaDialog.tsx'
import { PricesCard } from './PricesCard.tsx'
import { toKind, toKindName, toSubjectName } from './quota-names.ts'
import { UsageCard } from './UsageCard.tsx'

interface Acts {
  onEdit: (quota: Quota) => void
  onDelete: (quota: Quota) => void
}

/** Who may use how much, what was used, and what agents cost. */
export default function QuotasPage() {
  const text = useAdminText()
  const { mayAdminister } = useViewer()
  const { data, error, refetch, isFetching } = useQuery(quotasQuery)
  const [isCreating, setIsCreating] = useState(false)
  const [edited, setEdited] = useState<Quota | null>(null)
  const [deleted, setDeleted] = useState<Quota | null>(null)
  const currency = data?.currency ?? ''
  const acts = mayAdminister ? { onEdit: setEdited, onDelete: setDeleted } : null
  const note = mayAdminister
    ? text('admin.quotas.note', { timeZone: data?.timeZone ?? '…' })
    : text('admin.readOnly', { roles: toRoleNames(text, ['admin']) })
  return (
    <>
      <PageHead title={text('admin.page.quotas')} note={note}>
        {mayAdminister ? (
          <button type="button" className="btn primary" onClick={() => setIsCreating(true)}>
            <Icon name="plus" isSmall />
            {text('admin.quotas.create')}
          </button>
        ) : null}
      </PageHead>
      <div className="admin-body">
        <ListCard
          title={text('admin.page.quotas')}
          label={text('admin.quotas.table')}
          columns={listColumns(text, currency, acts)}
          rows={data?.quotas}
          toKey={({ id }) => id}
          error={error}
          onRetry={() => void refetch()}
          isBusy={isFetching}
          empty={{ title: text('admin.quotas.none'), text: text('admin.quotas.none.text') }}
        />
        <UsageCard />
        <PricesCard />
      </div>
      {isCreating ? <CreateQuotaDialog currency={currency} onClose={() => setIsCreating(false)} /> : null}
      {edited ? <EditQuotaDialog quota={edited} currency={currency} onClose={() => setEdited(null)} /> : null}
      {deleted ? (
        <ConfirmDialog
          confirmation={{
            title: text('admin.quotas.delete.title', {
              who: toSubjectName(text, deleted),
              what: toKindName(text, toKind(deleted), currency),
            }),
            text: text('admin.quotas.delete.text'),
            act: text('admin.quotas.delete'),
            done: text('admin.quotas.delete.done'),
            run: () => deleteQuota(deleted.id),
          }}
          onClose={() => setDeleted(null)}
        />
      ) : null}
    </>
  )
}

function listColumns(text: AdminText, currency: string, acts: Acts | null): Column<Quota>[] {
  const toAmount = (quota: Quota, amount: number) => toAmountText({ ...quota, currency }, amount)
  const columns: Column<Quota>[] = [
    {
      key: 'who',
      header: text('admin.quotas.who'),
      isRowHeader: true,
      toSortValue: (quota) => toSubjectName(text, quota),
      cell: (quota) => toSubjectName(text, quota),
    },
    {
      key: 'what',
      header: text('admin.quotas.what'),
      toSortValue: (quota) => toKindName(text, toKind(quota), currency),
      cell: (quota) => toKindName(text, toKind(quota), currency),
    },
    {
      key: 'used',
      header: text('admin.quotas.used'),
      toSortValue: ({ used, hardLimit }) => used / Math.max(1, hardLimit),
      cell: (quota) => <Used quota={quota} toAmount={toAmount} />,
    },
    {
      key: 'soft',
      header: text('admin.quotas.soft'),
      isNumber: true,
      cell: (quota) => (quota.softLimit === null ? text('admin.none') : toAmount(quota, quota.softLimit)),
    },
    {
      key: 'hard',
      header: text('admin.quotas.hard'),
      isNumber: true,
      cell: (quota) => toAmount(quota, quota.hardLimit),
    },
  ]
  if (!acts) return columns
  const cell = (quota: Quota) => (
    <>
      <button type="button" className="btn" onClick={() => acts.onEdit(quota)}>
        {text('admin.quotas.edit')}
      </button>
      <button type="button" className="btn" onClick={() => acts.onDelete(quota)}>
        {text('admin.quotas.delete')}
      </button>
    </>
  )
  return [...columns, { key: 'acts', header: text('admin.actions'), isHeaderHidden: true, cell }]
}

interface UsedProps {
  quota: Quota
  toAmount: (quota: Quota, amount: number) => string
}

function Used({ quota, toAmount }: UsedProps) {
  const text = useAdminText()
  const isEachOwn = quota.scope === 'everyone' || quota.scope === 'group-member'
  const values = { used: toAmount(quota, quota.used), limit: toAmount(quota, quota.hardLimit) }
  const words = text(isEachOwn ? 'admin.quotas.used.highest' : 'admin.quotas.used.text', values)
  return (
    <>
      {words}
      <QuotaBar use={quota} label={words} />
    </>
  )
}
