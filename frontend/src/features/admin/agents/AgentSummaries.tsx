import type { AdminAgent } from '@llmchat/protocol/api/admin-schema'
import type { Agent } from '@llmchat/protocol/api/agent-schema'
import { useAdminText } from '../use-admin-text.ts'

export function AgentState({ agent: { isActive } }: { agent: AdminAgent }) {
  const text = useAdminText()
  return (
    <span className="admin-state">
      <i className={isActive ? 'dot' : 'dot none'} aria-hidden="true" />
      {text(isActive ? 'admin.agents.active' : 'admin.agents.inactive')}
    </span>
  )
}

const dots: Record<Agent['health'], string> = { ok: 'dot', slow: 'dot warn', down: 'dot bad', unknown: 'dot none' }

/** Null: nothing is known of it here. */
export function AgentHealth({ health }: { health: Agent['health'] | null }) {
  const text = useAdminText()
  if (health === null) return <span className="admin-none">{text('admin.none')}</span>
  return (
    <span className="admin-state">
      <i className={dots[health]} aria-hidden="true" />
      {text(`admin.agents.health.${health}`)}
    </span>
  )
}

/** Everybody's, or how many groups have a rule. */
export function AccessSummary({ agent: { access } }: { agent: AdminAgent }) {
  const text = useAdminText()
  if (access.rules.length === 0) return text('admin.agents.access.everybody')
  const allow = access.rules.filter(({ effect }) => effect === 'allow').length
  return text('admin.agents.access.rules', { allow, deny: access.rules.length - allow })
}
