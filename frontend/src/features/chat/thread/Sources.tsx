import { memo } from 'react'
import type { MessagePart } from '@llmchat/protocol/message-part'
import { useText } from '../../../shared/i18n/use-text.ts'
import { toSafeHref } from '../../../shared/markdown/to-safe-href.ts'
import './sources.css'

type SourcePart = Extract<MessagePart, { type: 'source' }>

/** What the answer is based on. A document without an address is named, not linked. */
export const Sources = memo(
  function Sources({ parts }: { parts: readonly SourcePart[] }) {
    const text = useText()
    return (
      <ol className="sources" aria-label={text('chat.sources')}>
        {parts.map((part, index) => (
          <li key={part.id}>
            <SourceLink part={part} index={index + 1} />
          </li>
        ))}
      </ol>
    )
  },
  (before, after) =>
    before.parts.length === after.parts.length && before.parts.every((part, index) => part === after.parts[index]),
)

function SourceLink({ part, index }: { part: SourcePart; index: number }) {
  const href = part.url === undefined ? null : toSafeHref(part.url)
  const content = (
    <>
      <b>{index}</b>
      <span>{part.title}</span>
    </>
  )
  if (href === null) return <span className="source">{content}</span>
  return (
    <a className="source" href={href} target="_blank" rel="noopener noreferrer nofollow" title={part.url}>
      {content}
    </a>
  )
}
