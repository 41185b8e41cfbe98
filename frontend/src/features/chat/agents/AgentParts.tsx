import type { Agent } from '@llmchat/protocol/api/agent-schema'
import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import { useText } from '../../../shared/i18n/use-text.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import type { IconName } from '../../../shared/ui/icon-paths.ts'
import { MenuItem } from '../../../shared/ui/Menu.tsx'

const icons: Record<ProviderName, IconName> = {
  fastgpt: 'agent',
  dify: 'book',
  openai: 'bolt',
  'openai-responses': 'bolt',
  anthropic: 'shield',
}

const names: Record<ProviderName, string> = {
  fastgpt: 'FastGPT',
  dify: 'Dify',
  openai: 'OpenAI',
  'openai-responses': 'OpenAI',
  anthropic: 'Anthropic',
}

/** Agents are squared, people round. Decoration: the name stands beside it. */
export function AgentAvatar({ agent }: { agent: Agent | null }) {
  return (
    <span className="avatar" aria-hidden="true">
      <Icon name={agent ? icons[agent.provider] : 'agent'} />
    </span>
  )
}

export function ProviderBadge({ agent }: { agent: Agent }) {
  const text = useText()
  return (
    <>
      <i className="badge">{names[agent.provider]}</i>
      {agent.isDemo ? <i className="badge">{text('chat.agent.demo')}</i> : null}
    </>
  )
}

const dots: Record<Agent['health'], string> = { ok: '', slow: 'warn', down: 'bad', unknown: 'none' }

/** Shape and colour, and a word for those who see neither. */
export function HealthDot({ agent }: { agent: Agent }) {
  const text = useText()
  const label = text(`chat.agent.health.${agent.health}`)
  return <i className={`dot ${dots[agent.health]}`} role="img" aria-label={label} title={label} />
}

interface AgentOptionsProps {
  agents: readonly Agent[]
  currentId: string | null
  onChoose: (agent: Agent) => void
}

/** The entries of a menu that offers agents. */
export function AgentOptions({ agents, currentId, onChoose }: AgentOptionsProps) {
  const text = useText()
  if (agents.length === 0) return <p className="chat-agents-none">{text('chat.agent.none')}</p>
  return agents.map((agent) => (
    <MenuItem
      key={agent.id}
      isSelected={agent.id === currentId}
      isDisabled={!agent.isActive}
      onSelect={() => onChoose(agent)}
    >
      <AgentAvatar agent={agent} />
      <span className="chat-agent-words">
        {agent.name} <ProviderBadge agent={agent} />
        <small>{agent.isActive ? agent.description : text('chat.agent.inactive')}</small>
      </span>
      <HealthDot agent={agent} />
    </MenuItem>
  ))
}
