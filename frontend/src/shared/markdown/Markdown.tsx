import { memo, useState } from 'react'
import { createBlockLexer } from './create-block-lexer.ts'
import './markdown.css'
import { MarkdownBlock } from './MarkdownBlock.tsx'

interface MarkdownProps {
  text: string
  /** More text follows: what the end has only begun is drawn as its final block, and the caret is shown. */
  isStreaming?: boolean
}

/**
 * An agent's Markdown, rendered without any HTML. Giving it a longer text costs what its last blocks cost: the others
 * keep their tokens, so React skips them and their DOM nodes stay.
 */
export const Markdown = memo(function Markdown({ text, isStreaming = false }: MarkdownProps) {
  const [lex] = useState(() => createBlockLexer())
  const blocks = lex(text, isStreaming)
  return (
    <div className="prose" data-streaming={isStreaming || undefined}>
      {blocks.map((block, index) => (
        <MarkdownBlock key={index} token={block} isOpen={isStreaming && index === blocks.length - 1} />
      ))}
    </div>
  )
})
