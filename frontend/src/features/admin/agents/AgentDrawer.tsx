import type { AdminAgent } from '@llmchat/protocol/api/admin-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../../../shared/api/api-error.ts'
import { adminAgentsQuery, deleteAgent, updateAgent } from '../api/agents.ts'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import type { Confirmation } from '../ui/ConfirmDialog.tsx'
import { Drawer } from '../ui/Drawer.tsx'
import { DrawerSkeleton } from '../ui/DrawerSkeleton.tsx'
import { FormError } from '../ui/FormError.tsx'
import { LoadFailure } from '../ui/LoadFailure.tsx'
import { useAct } from '../ui/use-act.ts'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { AgentAccessSection } from './AgentAccessSection.tsx'
import { AgentFacts } from './AgentFacts.tsx'
import { AgentFormDrawer } from './AgentFormDrawer.tsx'
import { AgentTestSection } from './AgentTestSection.tsx'

/** One agent: its settings, a test of its connection, who sees it. */
export function AgentDrawer({ agentId, onClose }: { agentId: string; onClose: () => void }) {
  const text = useAdminText()
  const { data, error, refetch } = useQuery(adminAgentsQuery)
  const [isEditing, setIsEditing] = useState(false)
  const agent = data?.find(({ id }) => id === agentId)
  if (agent && isEditing) return <AgentFormDrawer agent={agent} onClose={() => setIsEditing(false)} />
  return (
    <Drawer title={agent?.name ?? text('admin.details')} onClose={onClose}>
      {agent ? <AgentDetails agent={agent} onEdit={() => setIsEditing(true)} onClose={onClose} /> : null}
      {!data && !error ? <DrawerSkeleton /> : null}
      {!agent && (data ?? error) ? <LoadFailure error={error ?? missing} onRetry={() => void refetch()} /> : null}
    </Drawer>
  )
}

const missing = new ApiError({
  code: 'agent_not_found',
  message: 'This agent is not in the list.',
  requestId: null,
  status: 404,
  retryAfterMs: null,
})

interface AgentDetailsProps {
  agent: AdminAgent
  onEdit: () => void
  onClose: () => void
}

function AgentDetails({ agent, onEdit, onClose }: AgentDetailsProps) {
  const text = useAdminText()
  const { mayOperate } = useViewer()
  const [asking, setAsking] = useState<{ confirmation: Confirmation; isLast: boolean } | null>(null)
  const { id, name, isActive } = agent
  const askToDelete = () =>
    setAsking({
      confirmation: {
        title: text('admin.agents.delete.title', { name }),
        text: text('admin.agents.delete.text'),
        act: text('admin.agents.delete'),
        done: text('admin.agents.delete.done', { name }),
        run: () => deleteAgent(id),
      },
      isLast: true,
    })
  const askToSwitchOff = () =>
    setAsking({
      confirmation: {
        title: text('admin.agents.switchOff.title', { name }),
        text: text('admin.agents.switchOff.text'),
        act: text('admin.agents.switchOff'),
        done: text('admin.agents.switchOff.done', { name }),
        run: () => updateAgent(id, { isActive: false }),
      },
      isLast: false,
    })
  return (
    <>
      <AgentFacts agent={agent} onEdit={mayOperate ? onEdit : null} />
      {mayOperate ? <AgentTestSection agent={agent} /> : null}
      <AgentAccessSection key={JSON.stringify(agent.access)} agent={agent} />
      {mayOperate ? (
        <div className="admin-acts">
          {isActive ? (
            <button type="button" className="btn" onClick={askToSwitchOff}>
              {text('admin.agents.switchOff')}
            </button>
          ) : (
            <SwitchOnButton agent={agent} />
          )}
          <button type="button" className="btn" onClick={askToDelete}>
            {text('admin.agents.delete')}
          </button>
        </div>
      ) : null}
      {asking ? (
        <ConfirmDialog
          confirmation={asking.confirmation}
          onClose={() => setAsking(null)}
          onDone={() => (asking.isLast ? onClose() : undefined)}
        />
      ) : null}
    </>
  )
}

function SwitchOnButton({ agent: { id, name } }: { agent: AdminAgent }) {
  const text = useAdminText()
  const switchOn = useAct({
    run: () => updateAgent(id, { isActive: true }),
    done: text('admin.agents.switchOn.done', { name }),
  })
  return (
    <>
      <button
        type="button"
        className="btn"
        aria-disabled={switchOn.isPending}
        onClick={() => (switchOn.isPending ? undefined : switchOn.mutate())}
      >
        {text('admin.agents.switchOn')}
      </button>
      <FormError error={switchOn.error} />
    </>
  )
}
