import type { AdminAgent } from '@llmchat/protocol/api/admin-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { agentsQuery } from '../../../shared/api/agents.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { adminAgentsQuery } from '../api/agents.ts'
import { PageHead } from '../frame/PageHead.tsx'
import { toRoleNames } from '../to-role-names.ts'
import type { Column } from '../ui/DataTable.tsx'
import { ListCard } from '../ui/ListCard.tsx'
import { StepLink } from '../ui/StepLink.tsx'
import { useSearchState } from '../ui/use-search-state.ts'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { AgentDrawer } from './AgentDrawer.tsx'
import { AgentFormDrawer } from './AgentFormDrawer.tsx'
import { AccessSummary, AgentHealth, AgentState } from './AgentSummaries.tsx'
import { providerLabels } from './provider-fields.ts'

/** The agents: what each is connected to, who sees it, whether it works. */
export default function AgentsPage() {
  const text = useAdminText()
  const { mayOperate } = useViewer()
  const { get, change } = useSearchState()
  const { data, error, refetch, isFetching } = useQuery(adminAgentsQuery)
  const [isCreating, setIsCreating] = useState(false)
  const openId = get('agent')
  return (
    <>
      <PageHead
        title={text('admin.page.agents')}
        note={
          mayOperate
            ? text('admin.agents.note')
            : text('admin.readOnly', { roles: toRoleNames(text, ['admin', 'operator']) })
        }
      >
        {mayOperate ? (
          <button type="button" className="btn primary" onClick={() => setIsCreating(true)}>
            <Icon name="plus" isSmall />
            {text('admin.agents.create')}
          </button>
        ) : null}
      </PageHead>
      <div className="admin-body">
        <ListCard
          title={text('admin.page.agents')}
          label={text('admin.agents.table')}
          columns={useColumns()}
          rows={data}
          toKey={({ id }) => id}
          error={error}
          onRetry={() => void refetch()}
          isBusy={isFetching}
          empty={{ title: text('admin.agents.none'), text: text('admin.agents.none.text') }}
        />
      </div>
      {isCreating ? (
        <AgentFormDrawer
          agent={null}
          onClose={() => setIsCreating(false)}
          onSaved={({ id }) => change({ agent: id }, { isStep: true })}
        />
      ) : null}
      {openId === '' ? null : <AgentDrawer key={openId} agentId={openId} onClose={() => change({ agent: '' })} />}
    </>
  )
}

function useColumns(): Column<AdminAgent>[] {
  const text = useAdminText()
  // Health is measured for those who chat; an agent that this person may not use has none here.
  const { data: seen } = useQuery(agentsQuery)
  const health = new Map(seen?.map((agent) => [agent.id, agent.health]))
  return [
    {
      key: 'name',
      header: text('admin.agents.name'),
      isRowHeader: true,
      order: 'ascending',
      toSortValue: ({ name }) => name,
      cell: ({ id, name, isDefault }) => (
        <>
          <StepLink changes={{ agent: id }}>{name}</StepLink>
          {isDefault ? (
            <>
              {' '}
              <span className="badge">{text('admin.agents.default')}</span>
            </>
          ) : null}
        </>
      ),
    },
    {
      key: 'provider',
      header: text('admin.agents.provider'),
      toSortValue: ({ provider }) => providerLabels[provider],
      cell: ({ provider }) => providerLabels[provider],
    },
    {
      key: 'model',
      header: text('admin.agents.model'),
      toSortValue: ({ model, appId }) => model ?? appId,
      cell: ({ model, appId }) => model ?? appId ?? text('admin.none'),
    },
    {
      key: 'state',
      header: text('admin.agents.state'),
      toSortValue: ({ isActive }) => Number(!isActive),
      cell: (agent) => <AgentState agent={agent} />,
    },
    {
      key: 'health',
      header: text('admin.agents.health'),
      cell: ({ id }) => <AgentHealth health={health.get(id) ?? null} />,
    },
    {
      key: 'access',
      header: text('admin.agents.access'),
      toSortValue: ({ access }) => access.rules.length,
      cell: (agent) => <AccessSummary agent={agent} />,
    },
    {
      key: 'limit',
      header: text('admin.agents.limit'),
      isNumber: true,
      toSortValue: ({ maxConcurrent }) => maxConcurrent,
      cell: ({ maxConcurrent }) => maxConcurrent ?? text('admin.none'),
    },
    {
      key: 'origin',
      header: text('admin.agents.origin'),
      toSortValue: ({ origin }) => text(`admin.agents.origin.${origin}`),
      cell: ({ origin }) => text(`admin.agents.origin.${origin}`),
    },
  ]
}
