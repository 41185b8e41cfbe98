import type { Agent } from '@llmchat/protocol/api/agent-schema'
import type { ChatSession } from '@llmchat/protocol/api/chat-schema'
import { useText } from '../../../shared/i18n/use-text.ts'
import { toggleTheme } from '../../../shared/theme/toggle-theme.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { IconButton } from '../../../shared/ui/IconButton.tsx'
import { Menu } from '../../../shared/ui/Menu.tsx'
import { AgentAvatar, AgentOptions, HealthDot, ProviderBadge } from '../agents/AgentParts.tsx'
import { useAgents } from '../agents/agents-context.ts'
import { SessionMenuItems } from '../sidebar/SessionMenuItems.tsx'
import './chat-header.css'

interface ChatHeaderProps {
  title: string
  /** Null while the chat has no row on the server. */
  session: ChatSession | null
  agent: Agent | null
  isSidebarOpen: boolean
  onToggleSidebar: () => void
  onChooseAgent: (agent: Agent) => void
}

/** Who answers, what this chat is called, what can be done with it. */
export function ChatHeader(props: ChatHeaderProps) {
  const { title, session, agent, isSidebarOpen, onToggleSidebar, onChooseAgent } = props
  const text = useText()
  return (
    <header className="chat-head">
      {isSidebarOpen ? null : (
        <IconButton
          icon="sidebar"
          label={text('chat.side.open')}
          aria-keyshortcuts="Control+B"
          onClick={onToggleSidebar}
        />
      )}
      <AgentPicker agent={agent} onChoose={onChooseAgent} />
      <h1>{title}</h1>
      <IconButton icon="sun" label={text('common.theme.toggle')} data-testid="theme-toggle" onClick={toggleTheme} />
      {session ? (
        <Menu
          label={text('chat.menu.label')}
          renderTrigger={(trigger) => <IconButton {...trigger} icon="more" label={text('chat.menu.label')} />}
        >
          <SessionMenuItems session={session} />
        </Menu>
      ) : null}
    </header>
  )
}

function AgentPicker({ agent, onChoose }: { agent: Agent | null; onChoose: (agent: Agent) => void }) {
  const text = useText()
  const agents = useAgents()
  const name = agent?.name ?? text('chat.agent.unknown')
  return (
    <Menu
      role="listbox"
      label={text('chat.agent.pick')}
      className="chat-agents"
      renderTrigger={(trigger) => (
        <button
          {...trigger}
          className="agent-pick"
          data-testid="agent-picker"
          title={text('chat.agent.pick')}
          aria-label={text('chat.agent.current', { agent: name })}
        >
          <AgentAvatar agent={agent} />
          <span className="name">{name}</span>
          {agent ? <ProviderBadge agent={agent} /> : null}
          {agent ? <HealthDot agent={agent} /> : null}
          <Icon name="down" isSmall />
        </button>
      )}
    >
      <AgentOptions agents={agents} currentId={agent?.id ?? null} onChoose={onChoose} />
    </Menu>
  )
}
