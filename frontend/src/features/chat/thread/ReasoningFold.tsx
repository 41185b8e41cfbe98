import { memo } from 'react'
import type { ReactNode } from 'react'
import type { MessagePart } from '@llmchat/protocol/message-part'
import { useText } from '../../../shared/i18n/use-text.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import type { IconName } from '../../../shared/ui/icon-paths.ts'
import { AnswerText } from './AnswerText.tsx'
import './answer-folds.css'

interface FoldProps {
  icon: IconName
  title: string
  /** A small fact beside the title, tabular. */
  fact?: string | null
  /** Open while it is being written, closed when it is done; in between it is the reader's. */
  isOpen: boolean
  children: ReactNode
}

/** One dot on the answer's line: something that can be looked into. */
export function Fold({ icon, title, fact = null, isOpen, children }: FoldProps) {
  return (
    <details className="fold" open={isOpen}>
      <summary>
        <Icon name={icon} />
        {title}
        {fact === null ? null : <span className="num">{fact}</span>}
        <Icon name="right" isSmall />
      </summary>
      <div className="inner">{children}</div>
    </details>
  )
}

type ReasoningPart = Extract<MessagePart, { type: 'reasoning' }>

/** What the agent thought before and between its words. */
export const ReasoningFold = memo(function ReasoningFold({ parts }: { parts: readonly ReasoningPart[] }) {
  const text = useText()
  const isRunning = parts.some((part) => part.isOpen)
  return (
    <Fold icon="think" title={text(isRunning ? 'chat.think.running' : 'chat.think.done')} isOpen={isRunning}>
      {parts.map((part) => (
        <AnswerText key={part.id} text={part.text} />
      ))}
    </Fold>
  )
}, haveSameParts)

function haveSameParts(before: { parts: readonly unknown[] }, after: { parts: readonly unknown[] }): boolean {
  return before.parts.length === after.parts.length && before.parts.every((part, index) => part === after.parts[index])
}
