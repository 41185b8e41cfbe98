import { Suspense, useMemo } from 'react'
import type { ChatMessage } from '@llmchat/protocol/api/chat-schema'
import type { Delivery } from '@llmchat/protocol/chat-event'
import { isErrorCode } from '@llmchat/protocol/error-code'
import type { MessagePart } from '@llmchat/protocol/message-part'
import { toCodeText } from '../../../shared/i18n/error-text.ts'
import { useText } from '../../../shared/i18n/use-text.ts'
import { useChatEntry, useChatRuntime } from '../runtime/chat-runtime-context.ts'
import { isEnded } from '../stream/answer-progress.ts'
import { AnswerText } from './AnswerText.tsx'
import { groupParts } from './group-parts.ts'
import { LazyInputRequestForm, LazySources, LazyStepList } from './lazy-thread-parts.ts'
import { Fold, ReasoningFold } from './ReasoningFold.tsx'

interface AnswerBodyProps {
  message: ChatMessage
  parts: readonly MessagePart[]
  delivery: Delivery
  reply: string | null
}

/** Thinking, steps, text, form, sources. Empty answers say so; nothing is left blank. */
export function AnswerBody({ message, parts, delivery, reply }: AnswerBodyProps) {
  const text = useText()
  const groups = useMemo(() => groupParts(parts), [parts])
  const isLive = !isEnded(delivery)
  const lastText = groups.texts.at(-1)
  const isBare = groups.texts.length === 0 && groups.requests.length === 0
  return (
    <>
      {groups.reasoning.length > 0 ? <ReasoningFold parts={groups.reasoning} /> : null}
      {groups.steps.length > 0 ? (
        <Suspense fallback={null}>
          <LazyStepList parts={groups.steps} isLive={isLive} />
        </Suspense>
      ) : null}
      {groups.superseded.length > 0 ? (
        <Fold icon="retry" title={text('chat.message.superseded')} isOpen={false}>
          {groups.superseded.map((part) => (
            <AnswerText key={part.id} text={part.text} />
          ))}
        </Fold>
      ) : null}
      {groups.texts.map((part) => (
        <AnswerText key={part.id} text={part.text} isStreaming={isLive && part === lastText} />
      ))}
      {isBare ? <BareBody delivery={delivery} hasFolds={parts.length > 0} /> : null}
      {groups.requests.map((part, index) => (
        <RequestForm
          key={part.id}
          message={message}
          request={part.request}
          reply={index < groups.requests.length - 1 ? '' : reply}
          isLive={isLive}
        />
      ))}
      {groups.sources.length > 0 ? (
        <Suspense fallback={null}>
          <LazySources parts={groups.sources} />
        </Suspense>
      ) : null}
    </>
  )
}

/** What stands where the text would be. */
function BareBody({ delivery, hasFolds }: { delivery: Delivery; hasFolds: boolean }) {
  const text = useText()
  if (delivery.state === 'failed') {
    return (
      <p className="said">
        {isErrorCode(delivery.code) ? toCodeText(text, delivery.code) : delivery.message} <code>{delivery.code}</code>
      </p>
    )
  }
  if (delivery.state === 'streaming' && !hasFolds) return <AnswerText text="" isStreaming />
  if (!isEnded(delivery)) {
    return hasFolds ? null : (
      <div className="first-line">
        <span className="skel" />
      </div>
    )
  }
  return delivery.state === 'complete' && !hasFolds ? <p className="said">{text('chat.message.empty')}</p> : null
}

type RequestPart = Extract<MessagePart, { type: 'input-request' }>

interface RequestFormProps extends Pick<AnswerBodyProps, 'message' | 'reply'> {
  request: RequestPart['request']
  isLive: boolean
}

function RequestForm({ message, request, reply, isLive }: RequestFormProps) {
  const runtime = useChatRuntime()
  const isAsking = useChatEntry(message.sessionId, (entry) => entry.outgoing !== null)
  const send = (text: string) => runtime.send({ sessionId: message.sessionId, text, agentId: message.agentId })
  return (
    <Suspense fallback={null}>
      <LazyInputRequestForm request={request} reply={reply} onReply={isLive || isAsking ? null : send} />
    </Suspense>
  )
}
