import { Fragment } from 'react'
import type { ReactNode } from 'react'
import type { Agent } from '@llmchat/protocol/api/agent-schema'
import type { Delivery, Timing, Usage } from '@llmchat/protocol/chat-event'
import { toPlainText } from '@llmchat/protocol/message-part'
import type { MessagePart } from '@llmchat/protocol/message-part'
import { useText } from '../../../shared/i18n/use-text.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { IconButton } from '../../../shared/ui/IconButton.tsx'
import { Menu } from '../../../shared/ui/Menu.tsx'
import { AgentOptions } from '../agents/AgentParts.tsx'
import { useAgents } from '../agents/agents-context.ts'
import { useChatEntry, useChatRuntime } from '../runtime/chat-runtime-context.ts'
import { isEnded } from '../stream/answer-progress.ts'
import { BranchSwitch } from './BranchSwitch.tsx'
import { copyWithToast } from './copy-with-toast.ts'
import type { BranchItem } from './message-tree.ts'
import { useTimeFormat } from './use-time-format.ts'

interface AnswerEndProps {
  item: BranchItem
  parts: readonly MessagePart[]
  delivery: Delivery
  usage: Usage | null
  timing: Timing | null
}

/** The last row of an answer: how it ended and what can be done next. Its height is there from the start. */
export function AnswerEnd({ item, parts, delivery, usage, timing }: AnswerEndProps) {
  const { message, siblingIds } = item
  const runtime = useChatRuntime()
  const { sessionId, id } = message
  const canAsk = useChatEntry(sessionId, (entry) => entry.outgoing === null && entry.live.size === 0)
  const again = (agentId: string | null, isContinuation: boolean) =>
    runtime.answerAgain(sessionId, id, { agentId, isContinuation })
  const versions = (
    <BranchSwitch
      siblingIds={siblingIds}
      currentId={id}
      onChoose={(siblingId) => runtime.showVersion(sessionId, siblingId)}
    />
  )
  if (delivery.state === 'stopped' || delivery.state === 'interrupted' || delivery.state === 'failed') {
    return (
      <CutRow
        delivery={delivery}
        plainText={toPlainText(parts)}
        canAsk={canAsk}
        onAgain={(agentId) => again(agentId, false)}
        onContinue={() => again(null, true)}
      >
        {versions}
      </CutRow>
    )
  }
  return (
    <div className="actions">
      {versions}
      {isEnded(delivery) ? (
        <EndedActions item={item} parts={parts} onAgain={canAsk ? () => again(null, false) : null} />
      ) : null}
      <UsageFact delivery={delivery} usage={usage} timing={timing} />
    </div>
  )
}

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

function CutRow({ delivery, plainText, canAsk, onAgain, onContinue, children }: CutRowProps) {
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

function EndedActions(props: { item: BranchItem; parts: readonly MessagePart[]; onAgain: (() => void) | null }) {
  const { item, parts, onAgain } = props
  const text = useText()
  const runtime = useChatRuntime()
  const { id, sessionId, feedback } = item.message
  const plainText = toPlainText(parts)
  const rate = (rating: 'good' | 'bad') => runtime.rate(sessionId, id, feedback === rating ? null : rating)
  return (
    <>
      {plainText === '' ? null : (
        <IconButton icon="copy" label={text('chat.message.copy')} onClick={() => void copyWithToast(text, plainText)} />
      )}
      {onAgain ? <IconButton icon="retry" label={text('chat.message.again')} onClick={onAgain} /> : null}
      <IconButton
        icon="thumb-up"
        label={text('chat.message.good')}
        aria-pressed={feedback === 'good'}
        onClick={() => rate('good')}
      />
      <IconButton
        icon="thumb-down"
        label={text('chat.message.bad')}
        aria-pressed={feedback === 'bad'}
        onClick={() => rate('bad')}
      />
    </>
  )
}

function UsageFact({ delivery, usage, timing }: Pick<AnswerEndProps, 'delivery' | 'usage' | 'timing'>) {
  const text = useText()
  const { toCount } = useTimeFormat()
  const facts: string[] = []
  if (delivery.state === 'complete' && delivery.finishReason === 'length') facts.push(text('chat.message.length'))
  if (delivery.state === 'complete' && delivery.finishReason === 'content-filter')
    facts.push(text('chat.message.filtered'))
  if (usage) {
    const counts = { input: toCount(usage.inputTokens), output: toCount(usage.outputTokens) }
    facts.push(text(usage.isEstimated ? 'chat.message.usageEstimated' : 'chat.message.usage', counts))
  }
  if (timing?.firstContentMs != null)
    facts.push(text('chat.message.firstContent', { seconds: (timing.firstContentMs / 1000).toFixed(2) }))
  if (facts.length === 0 || !isEnded(delivery)) return null
  return (
    <span className="usage">
      {facts.map((fact, index) => (
        <Fragment key={fact}>
          {index > 0 ? ' · ' : null}
          <span>{fact}</span>
        </Fragment>
      ))}
    </span>
  )
}
