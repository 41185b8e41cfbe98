import { Fragment, Suspense } from 'react'
import type { Delivery, Timing, Usage } from '@llmchat/protocol/chat-event'
import { toPlainText } from '@llmchat/protocol/message-part'
import type { MessagePart } from '@llmchat/protocol/message-part'
import { useText } from '../../../shared/i18n/use-text.ts'
import { IconButton } from '../../../shared/ui/IconButton.tsx'
import { useChatEntry, useChatRuntime } from '../runtime/chat-runtime-context.ts'
import { isEnded } from '../stream/answer-progress.ts'
import { BranchSwitch } from './BranchSwitch.tsx'
import { copyWithToast } from './copy-with-toast.ts'
import { LazyCutRow } from './lazy-thread-parts.ts'
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
      <Suspense fallback={<div className="actions" />}>
        <LazyCutRow
          delivery={delivery}
          plainText={toPlainText(parts)}
          canAsk={canAsk}
          onAgain={(agentId) => again(agentId, false)}
          onContinue={() => again(null, true)}
        >
          {versions}
        </LazyCutRow>
      </Suspense>
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
