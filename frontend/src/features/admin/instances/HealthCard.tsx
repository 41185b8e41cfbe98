import type { DetailedHealth, HealthCheck } from '@llmchat/protocol/api/health-schema'
import { useQuery } from '@tanstack/react-query'
import { healthQuery } from '../api/instances.ts'
import type { Column } from '../ui/DataTable.tsx'
import { ListCard } from '../ui/ListCard.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { listCheckFindings } from './list-check-findings.ts'
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
      isWrapped: true,
      cell: (check) => <Findings check={check} />,
    },
  ]
  return (
    <ListCard
      title={text('admin.health.title')}
      note={useProcessNote(data)}
      label={text('admin.health.table')}
      columns={columns}
      rows={data ? (data.checks ?? []) : undefined}
      toKey={({ name }) => name}
      error={error}
      onRetry={() => void refetch()}
      empty={{ title: text('admin.health.none') }}
    />
  )
}

function useProcessNote(health: DetailedHealth | undefined): string {
  const text = useAdminText()
  if (health?.process === undefined) return ''
  const { instanceId, uptimeMs, residentBytes } = health.process
  return [
    text('admin.health.of', { id: instanceId }),
    text('admin.health.version', { version: health.version }),
    text('admin.health.uptime', { time: toDurationText(uptimeMs) }),
    text('admin.health.memory', { megabytes: Math.round(residentBytes / 1_000_000) }),
  ].join(' · ')
}

function Findings({ check }: { check: HealthCheck }) {
  const text = useAdminText()
  const findings = listCheckFindings(check.details ?? {})
  if (findings.length === 0) return text('admin.none')
  return (
    <span className="admin-findings">
      {findings.map(({ name, value }) => (
        <span key={name}>
          {name} <code>{value}</code>
        </span>
      ))}
    </span>
  )
}

const knownChecks = ['database', 'agents', 'file store', 'audit push'] as const

/** One that a newer instance makes goes by its own name. */
function CheckName({ name }: { name: string }) {
  const text = useAdminText()
  const known = knownChecks.find((check) => check === name)
  return known === undefined ? name : text(`admin.health.check.${known}`)
}
