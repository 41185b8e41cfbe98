import type { ReactNode } from 'react'
import type { Agent } from '@llmchat/protocol/api/agent-schema'
import type { Delivery } from '@llmchat/protocol/chat-event'
import { useText } from '../../../shared/i18n/use-text.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { IconButton } from '../../../shared/ui/IconButton.tsx'
import { Menu } from '../../../shared/ui/Menu.tsx'
import { AgentOptions } from '../agents/AgentParts.tsx'
import { useAgents } from '../agents/agents-context.ts'
import { copyWithToast } from './copy-with-toast.ts'
import './cut-row.css'

interface CutRowProps {
  delivery: Delivery
  /** What was written before it ended. */
  plainText: string
  children: ReactNode
  /** False while another answer is asked for or written here. */
  canAsk: boolean
  onAgain: (agentId: string | null) => void
  onContinue: () => void
}

/** The last row of an answer that was stopped, cut off or failed: why, and what can be done. */
export function CutRow({ delivery, plainText, canAsk, onAgain, onContinue, children }: CutRowProps) {
  const text = useText()
  const agents = useAgents()
  const retry = (
    <button type="button" className="btn" onClick={() => onAgain(null)}>
      <Icon name="retry" isSmall />
      {text('chat.end.retry')}
    </button>
  )
  return (
    <div className="cut">
      {children}
      <CutReason delivery={delivery} />
      <div className="do">
        {!canAsk ? null : delivery.state === 'failed' ? (
          <>
            {retry}
            <OtherAgent agents={agents} onChoose={(agent) => onAgain(agent.id)} />
          </>
        ) : (
          <>
            {plainText !== '' ? (
              <button type="button" className="btn" onClick={onContinue}>
                <Icon name="play" isSmall />
                {text('chat.end.continue')}
              </button>
            ) : null}
            <button type="button" className="btn quiet" onClick={() => onAgain(null)}>
              {text('chat.end.again')}
            </button>
          </>
        )}
        {plainText === '' ? null : (
          <IconButton
            icon="copy"
            label={text('chat.message.copy')}
            onClick={() => void copyWithToast(text, plainText)}
          />
        )}
      </div>
    </div>
  )
}

function CutReason({ delivery }: { delivery: Delivery }) {
  const text = useText()
  if (delivery.state === 'failed') {
    return (
      <p className="why bad">
        <Icon name="warning" />
        <b>{text('chat.end.failed')}</b>
      </p>
    )
  }
  if (delivery.state === 'interrupted') {
    return (
      <p className="why warn">
        <Icon name="unplug" />
        <span>
          <b>{text('chat.end.interrupted')}</b> · {text(`chat.end.${delivery.reason}`)}
        </span>
      </p>
    )
  }
  return (
    <p className="why">
      <b>{text('chat.end.stopped')}</b>
    </p>
  )
}

function OtherAgent(props: { agents: readonly Agent[]; onChoose: (agent: Agent) => void }) {
  const text = useText()
  return (
    <Menu
      label={text('chat.agent.pick')}
      className="chat-agents"
      renderTrigger={(trigger) => (
        <button {...trigger} className="btn quiet">
          {text('chat.end.otherAgent')}
        </button>
      )}
    >
      <AgentOptions agents={props.agents} currentId={null} onChoose={props.onChoose} />
    </Menu>
  )
}
