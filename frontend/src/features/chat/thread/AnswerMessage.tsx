import { memo } from 'react'
import type { Agent } from '@llmchat/protocol/api/agent-schema'
import type { ChatMessage } from '@llmchat/protocol/api/chat-schema'
import type { Delivery } from '@llmchat/protocol/chat-event'
import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import { useText } from '../../../shared/i18n/use-text.ts'
import { findAgent, useAgents } from '../agents/agents-context.ts'
import { AgentAvatar } from '../agents/AgentParts.tsx'
import { useChatEntry } from '../runtime/chat-runtime-context.ts'
import { isEnded } from '../stream/answer-progress.ts'
import { AnswerBody } from './AnswerBody.tsx'
import { AnswerEnd } from './AnswerEnd.tsx'
import { LiveMark } from './LiveMark.tsx'
import type { BranchItem } from './message-tree.ts'
import { useElapsedSeconds } from './use-elapsed-seconds.ts'
import { useTimeFormat } from './use-time-format.ts'
import './answer-message.css'

interface AnswerMessageProps {
  item: BranchItem
  isLast: boolean
  /** Far from the end: the browser may skip drawing it while it is out of sight. */
  isFar: boolean
  /** The user message that follows on this branch. */
  reply: string | null
}

const stateClasses: Record<Delivery['state'], string> = {
  accepted: 'is-accepted',
  streaming: 'is-live',
  complete: '',
  stopped: 'is-stopped',
  interrupted: 'is-cut',
  failed: 'is-failed',
}

/** Who gives this answer: the agent that was asked, or one that stood in for it. */
function useAnswerer(message: ChatMessage, answeredBy: FoldedMessage['answeredBy']) {
  const text = useText()
  const agent = findAgent(useAgents(), answeredBy?.agentId ?? message.agentId)
  const name = answeredBy?.agentName ?? message.agentName ?? agent?.name ?? text('chat.agent.unknown')
  return { agent, name, insteadOf: answeredBy?.insteadOf ?? message.insteadOf }
}

/** An answer on its line. While it is written only this component follows the paints. */
export const AnswerMessage = memo(
  function AnswerMessage({ item, isLast, isFar, reply }: AnswerMessageProps) {
    const text = useText()
    const { message } = item
    const live = useChatEntry(message.sessionId, (entry) => entry.live.get(message.id))
    const { agent, name, insteadOf } = useAnswerer(message, live?.answeredBy ?? null)
    const { parts, usage, timing } = live ?? message
    const delivery: Delivery = (live ?? message).delivery ?? { state: 'streaming' }
    const isRunning = !isEnded(delivery)
    const isAsking = isLast && !isRunning && parts.some((part) => part.type === 'input-request')
    const classes = [
      'chat-msg answer',
      stateClasses[delivery.state],
      isLast ? 'is-last' : '',
      isFar && !isRunning ? 'is-far' : '',
    ]
    return (
      <article
        className={classes.join(' ')}
        data-testid="message"
        data-role="assistant"
        data-state={delivery.state}
        data-message-id={message.id}
        aria-busy={isRunning}
        aria-label={`${name}, ${isAsking ? text('chat.message.waiting') : text(`chat.message.${delivery.state}`)}`}
      >
        <AgentAvatar agent={agent} />
        <div className="body">
          <AnswerMeta message={message} name={name} insteadOf={insteadOf} delivery={delivery} />
          <AnswerBody message={message} parts={parts} delivery={delivery} reply={reply} />
          <AnswerEnd item={item} parts={parts} delivery={delivery} usage={usage} timing={timing} />
        </div>
      </article>
    )
  },
  (before, after) =>
    before.item.message === after.item.message &&
    before.isLast === after.isLast &&
    before.isFar === after.isFar &&
    before.reply === after.reply &&
    before.item.siblingIds.join() === after.item.siblingIds.join(),
)

interface AnswerMetaProps {
  message: ChatMessage
  name: string
  /** Name of the agent that was asked, where this one stood in. */
  insteadOf: string | null
  delivery: Delivery
}

function AnswerMeta({ message, name, insteadOf, delivery }: AnswerMetaProps) {
  const text = useText()
  const { toTime } = useTimeFormat()
  const { sessionId, createdAt } = message
  return (
    <div className="meta">
      <strong>{name}</strong>
      {insteadOf !== null && (
        <span data-testid="instead-of">{text('chat.message.insteadOf', { agent: insteadOf })}</span>
      )}
      {isEnded(delivery) ? (
        <time dateTime={createdAt}>{toTime(createdAt)}</time>
      ) : (
        <RunningStatus sessionId={sessionId} delivery={delivery} sinceMs={Date.parse(createdAt)} />
      )}
    </div>
  )
}

interface PendingAnswerProps {
  agent: Agent | null
  phase: 'sending' | 'accepted'
}

/** The place of an answer that was asked for and has no row yet, of the same height as the row that will come. */
export function PendingAnswer({ agent, phase }: PendingAnswerProps) {
  const text = useText()
  return (
    <article className="chat-msg answer is-accepted is-last" data-state={phase} aria-busy="true">
      <AgentAvatar agent={agent} />
      <div className="body">
        <div className="meta">
          <strong>{agent?.name ?? text('chat.agent.unknown')}</strong>
          <span>{text(phase === 'sending' ? 'chat.message.sending' : 'chat.message.accepted')}</span>
        </div>
        <div className="first-line">
          <span className="skel" />
        </div>
        <div className="actions" />
      </div>
    </article>
  )
}

function RunningStatus(props: { sessionId: string; delivery: Delivery; sinceMs: number }) {
  const { sessionId, delivery, sinceMs } = props
  const text = useText()
  const seconds = useElapsedSeconds(sinceMs)
  const isStopping = useChatEntry(sessionId, (entry) => entry.isStopping)
  if (isStopping) return <span>{text('chat.message.stopping')}</span>
  if (delivery.state === 'accepted') {
    const position = delivery.queuePosition ?? 0
    return <span>{position > 0 ? text('chat.message.queued', { position }) : text('chat.message.accepted')}</span>
  }
  return (
    <span className="now">
      <LiveMark />
      {text('chat.message.streaming')} <span className="num">{seconds} s</span>
    </span>
  )
}
