import type { UsageQuery, UsageReport } from '@llmchat/protocol/api/quota-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toAmountText } from '../../../shared/quota/quota-text.ts'
import { usageQuery } from '../api/quotas.ts'
import type { Column } from '../ui/DataTable.tsx'
import { ListCard } from '../ui/ListCard.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { SelectField } from './SelectField.tsx'

type Row = UsageReport['rows'][number]

const choices: readonly UsageQuery['by'][] = ['user', 'group', 'agent', 'day']

/** What answers used lately. */
export function UsageCard() {
  const text = useAdminText()
  const [by, setBy] = useState<UsageQuery['by']>('user')
  const { data, error, refetch, isFetching } = useQuery(usageQuery(by))
  const currency = data?.currency ?? null
  const toCount = (amount: number) => toAmountText({ measure: 'tokens', currency: null }, amount)
  const columns: Column<Row>[] = [
    {
      key: 'name',
      header: text(`admin.usage.by.${by}`),
      isRowHeader: true,
      toSortValue: ({ name, key }) => name ?? key,
      cell: ({ name, key }) => name ?? key,
    },
    {
      key: 'messages',
      header: text('admin.usage.messages'),
      isNumber: true,
      toSortValue: ({ messages }) => messages,
      cell: ({ messages }) => toCount(messages),
    },
    {
      key: 'input',
      header: text('admin.usage.input'),
      isNumber: true,
      toSortValue: ({ inputTokens }) => inputTokens,
      cell: ({ inputTokens }) => toCount(inputTokens),
    },
    {
      key: 'output',
      header: text('admin.usage.output'),
      isNumber: true,
      toSortValue: ({ outputTokens }) => outputTokens,
      cell: ({ outputTokens }) => toCount(outputTokens),
    },
    {
      key: 'cost',
      header: text('admin.usage.cost'),
      isNumber: true,
      toSortValue: ({ costMicros }) => costMicros,
      cell: ({ costMicros }) => toAmountText({ measure: 'money', currency }, costMicros),
    },
  ]
  return (
    <ListCard
      title={text('admin.usage')}
      note={text('admin.usage.note')}
      label={text('admin.usage.table')}
      columns={columns}
      rows={data?.rows}
      toKey={({ key }) => key}
      error={error}
      onRetry={() => void refetch()}
      isBusy={isFetching}
      empty={{ title: text('admin.usage.none') }}
    >
      <SelectField
        label={text('admin.usage.by')}
        value={by}
        options={choices.map((choice) => ({ value: choice, label: text(`admin.usage.by.${choice}`) }))}
        onChange={setBy}
      />
    </ListCard>
  )
}
