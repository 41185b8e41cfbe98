import type { Agent } from '@llmchat/protocol/api/agent-schema'
import { useText } from '../../../shared/i18n/use-text.ts'
import { useAppActions } from '../../../shared/ui/app-actions.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import './empty-chat.css'

interface EmptyChatProps {
  /** Null: none to be had, or not read yet (`isLoading`). */
  agent: Agent | null
  isLoading: boolean
  onAsk: (question: string) => void
}

/** A new chat: a greeting, and what this agent is good at. */
export function EmptyChat({ agent, isLoading, onAsk }: EmptyChatProps) {
  const text = useText()
  const { me } = useAppActions()
  return (
    <section className="chat-hello">
      <h2>{text(toGreeting(new Date().getHours()), { name: me.user.name })}</h2>
      <p>
        {agent ? text('chat.hello.lead', { agent: agent.name }) : isLoading ? ' ' : text('chat.hello.noAgent')}
        {agent?.description ? <small>{agent.description}</small> : null}
      </p>
      {agent && agent.suggestions.length > 0 ? (
        <ul aria-label={text('chat.hello.suggestions')}>
          {agent.suggestions.map((question) => (
            <li key={question}>
              <button type="button" onClick={() => onAsk(question)}>
                <Icon name="chat" />
                {question}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}

function toGreeting(hour: number) {
  if (hour >= 5 && hour < 12) return 'chat.hello.morning'
  return hour >= 12 && hour < 18 ? 'chat.hello.afternoon' : 'chat.hello.evening'
}
