import type { HealthCheck } from '@llmchat/protocol/api/health-schema'
import { useQuery } from '@tanstack/react-query'
import { healthQuery } from '../api/instances.ts'
import type { Column } from '../ui/DataTable.tsx'
import { Facts } from '../ui/Drawer.tsx'
import { ListCard } from '../ui/ListCard.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { toDurationText } from './to-duration-text.ts'

const dots = { ok: 'dot', degraded: 'dot warn', down: 'dot bad' } as const

/** What the instance that answers finds when it looks at what it needs. */
export function HealthCard() {
  const text = useAdminText()
  const { data, error, refetch } = useQuery(healthQuery)
  const columns: Column<HealthCheck>[] = [
    {
      key: 'name',
      header: text('admin.health.check'),
      isRowHeader: true,
      cell: ({ name }) => <CheckName name={name} />,
    },
    {
      key: 'status',
      header: text('admin.health.state'),
      cell: ({ status }) => (
        <span className="admin-state">
          <i className={dots[status]} aria-hidden="true" />
          {text(`admin.health.state.${status}`)}
        </span>
      ),
    },
    {
      key: 'duration',
      header: text('admin.health.duration'),
      isNumber: true,
      cell: ({ durationMs }) => durationMs,
    },
    {
      key: 'details',
      header: text('admin.health.details'),
      cell: ({ details }) => (details ? <code>{JSON.stringify(details)}</code> : text('admin.none')),
    },
  ]
  const running = data?.process
  return (
    <>
      <ListCard
        title={text('admin.health.title')}
        {...(running ? { note: text('admin.health.of', { id: running.instanceId }) } : {})}
        label={text('admin.health.table')}
        columns={columns}
        rows={data ? (data.checks ?? []) : undefined}
        toKey={({ name }) => name}
        error={error}
        onRetry={() => void refetch()}
        empty={{ title: text('admin.health.none') }}
      />
      {running ? (
        <Facts
          facts={[
            [text('admin.health.version'), data.version],
            [text('admin.health.uptime'), toDurationText(running.uptimeMs)],
            [text('admin.health.memory'), Math.round(running.residentBytes / 1_000_000)],
          ]}
        />
      ) : null}
    </>
  )
}

function CheckName({ name }: { name: string }) {
  const text = useAdminText()
  if (name === 'database' || name === 'agents') return text(`admin.health.check.${name}`)
  return name
}
