import type { AdminAgent } from '@llmchat/protocol/api/admin-schema'
import type { AgentPrice } from '@llmchat/protocol/api/quota-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toAmountText } from '../../../shared/quota/quota-text.ts'
import { adminAgentsQuery } from '../api/agents.ts'
import { pricesQuery } from '../api/quotas.ts'
import type { Column } from '../ui/DataTable.tsx'
import { ListCard } from '../ui/ListCard.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { PriceDialog } from './PriceDialog.tsx'

/** What agents cost. */
export function PricesCard() {
  const text = useAdminText()
  const { mayAdminister } = useViewer()
  const agents = useQuery(adminAgentsQuery)
  const prices = useQuery(pricesQuery)
  const [edited, setEdited] = useState<AdminAgent | null>(null)
  const currency = prices.data?.currency ?? ''
  const known = new Map<string, AgentPrice>(prices.data?.prices.map((price) => [price.agentId, price]))
  const toPrice = (amount: number | undefined) =>
    amount === undefined ? text('admin.none') : toAmountText({ measure: 'money', currency }, amount)
  const columns: Column<AdminAgent>[] = [
    {
      key: 'agent',
      header: text('admin.prices.agent'),
      isRowHeader: true,
      toSortValue: ({ name }) => name,
      cell: ({ name }) => name,
    },
    {
      key: 'input',
      header: text('admin.prices.input'),
      isNumber: true,
      cell: ({ id }) => toPrice(known.get(id)?.inputMicros),
    },
    {
      key: 'output',
      header: text('admin.prices.output'),
      isNumber: true,
      cell: ({ id }) => toPrice(known.get(id)?.outputMicros),
    },
  ]
  if (mayAdminister) {
    columns.push({
      key: 'acts',
      header: text('admin.actions'),
      isHeaderHidden: true,
      cell: (agent) => (
        <button type="button" className="btn" onClick={() => setEdited(agent)}>
          {text('admin.prices.edit')}
        </button>
      ),
    })
  }
  return (
    <>
      <ListCard
        title={text('admin.prices')}
        note={text('admin.prices.note', { currency })}
        label={text('admin.prices.table')}
        columns={columns}
        rows={prices.data ? agents.data : undefined}
        toKey={({ id }) => id}
        error={agents.error ?? prices.error}
        onRetry={() => {
          void agents.refetch()
          void prices.refetch()
        }}
        isBusy={agents.isFetching || prices.isFetching}
        empty={{ title: text('admin.prices.none') }}
      />
      {edited ? (
        <PriceDialog agent={edited} price={known.get(edited.id) ?? null} onClose={() => setEdited(null)} />
      ) : null}
    </>
  )
}
