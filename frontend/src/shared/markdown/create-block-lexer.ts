import { lexBlocks } from './lex-blocks.ts'
import type { MarkdownToken } from './markdown-token.ts'
import { mendTail } from './mend-tail.ts'

/** The blocks of `text`. While streaming, what its end has only begun is shown as what it is going to be. */
export type BlockLexer = (text: string, isStreaming: boolean) => readonly MarkdownToken[]

interface Lexed {
  source: string
  /** Blocks that no further text can change, and where in `source` they end. */
  stable: readonly MarkdownToken[]
  stableEnd: number
}

const nothing: Lexed = { source: '', stable: [], stableEnd: 0 }

/**
 * A lexer for one text that grows: only its end is lexed again, blocks already complete keep their identity, and the
 * result is that of lexing the whole. Calling it with any other text is allowed and starts over.
 */
export function createBlockLexer(): BlockLexer {
  let lexed = nothing
  let shown: readonly MarkdownToken[] = []
  let wasStreaming = false
  return (text, isStreaming) => {
    const source = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
    // A link definition gives a meaning to references anywhere, so such a text is lexed as a whole.
    if (source.includes(']:')) {
      lexed = nothing
      shown = lexBlocks(isStreaming ? mendTail(source) : source, isStreaming)
      return shown
    }
    if (!source.startsWith(lexed.source)) lexed = nothing
    lexed = advance(lexed, source)
    const tail = source.slice(lexed.stableEnd)
    const tokens = [...lexed.stable, ...lexBlocks(isStreaming ? mendTail(tail) : tail, isStreaming)]
    // At the end of the stream an open formula becomes text again without any change of its source.
    shown = isStreaming === wasStreaming ? keepIdentity(shown, tokens) : tokens
    wasStreaming = isStreaming
    return shown
  }
}

/**
 * Moves the stable boundary. The last block may still grow, and the one before it may swallow it (`text`, then a line
 * `#` that becomes `#tag`): what ends a block is decided by complete lines of the next one, so all before those two is
 * settled.
 */
function advance(lexed: Lexed, source: string): Lexed {
  const tail = source.slice(lexed.stableEnd)
  const tokens = lexBlocks(tail, true)
  const openCount = countOpen(tokens)
  const closed = tokens.slice(0, tokens.length - openCount)
  // Only a blank line parts blocks for good: a table's second line may turn the lines before it into something else.
  const settled = closed.slice(0, closed.findLastIndex(({ raw }) => raw.endsWith('\n\n')) + 1)
  const raw = settled.map((token) => token.raw).join('')
  // Guards against a token whose raw text is not what it consumed.
  if (raw === '' || !raw.endsWith('\n') || !tail.startsWith(raw)) return { ...lexed, source }
  return { source, stable: [...lexed.stable, ...settled], stableEnd: lexed.stableEnd + raw.length }
}

/** How many tokens at the end belong to the last two blocks; blank lines do not count as blocks. */
function countOpen(tokens: readonly MarkdownToken[]): number {
  let blocks = 0
  let count = 0
  while (count < tokens.length && blocks < 2) {
    count++
    if (tokens[tokens.length - count]?.type !== 'space') blocks++
  }
  return count
}

/** A block that says the same needs no new rendering. */
function keepIdentity(before: readonly MarkdownToken[], after: MarkdownToken[]): MarkdownToken[] {
  return after.map((token, index) => {
    const previous = before[index]
    return previous && isSame(previous, token) ? previous : token
  })
}

/** `text` as well as `raw`: marked joins some lines to a paragraph in ways its source alone does not tell. */
function isSame(one: MarkdownToken, other: MarkdownToken): boolean {
  return one.type === other.type && one.raw === other.raw && findText(one) === findText(other)
}

function findText(token: MarkdownToken): string | null {
  return 'text' in token ? token.text : null
}
