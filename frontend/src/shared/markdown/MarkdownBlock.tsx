import type { Token, Tokens } from 'marked'
import { memo } from 'react'
import type { ReactNode } from 'react'
import { useText } from '../i18n/use-text.ts'
import { CodeBlock } from './CodeBlock.tsx'
import { isMarkdownToken } from './markdown-token.ts'
import type { MarkdownToken } from './markdown-token.ts'
import { MarkdownInline } from './MarkdownInline.tsx'
import { MathFormula } from './MathFormula.tsx'

const maxDepth = 20

interface MarkdownBlockProps {
  token: MarkdownToken
  /** More of it may still be written. */
  isOpen: boolean
  depth?: number
}

/** One block. Rendered again only when its token is another one, which a complete block's never is. */
export const MarkdownBlock = memo(function MarkdownBlock({ token, isOpen, depth = 0 }: MarkdownBlockProps): ReactNode {
  if (depth > maxDepth) return <p>{token.raw}</p>
  switch (token.type) {
    case 'paragraph':
      return (
        <p>
          <MarkdownInline tokens={token.tokens} />
        </p>
      )
    case 'heading':
      return <Heading token={token} />
    case 'code':
      return <CodeBlock code={token.text} language={token.lang ?? ''} isOpen={isOpen && !isClosedFence(token)} />
    case 'list':
      return <List token={token} isOpen={isOpen} depth={depth} />
    case 'blockquote':
      return (
        <blockquote>
          <Blocks tokens={token.tokens} isOpen={isOpen} depth={depth + 1} />
        </blockquote>
      )
    case 'table':
      return <Table token={token} />
    case 'math':
      return <MathFormula tex={token.tex} isDisplay isOpen={token.isOpen} />
    case 'hr':
      return <hr />
    case 'html':
      return <p className="md-source">{token.raw.trimEnd()}</p>
    case 'space':
    case 'def':
      return null
    default:
      return <MarkdownInline tokens={[token]} />
  }
})

function Blocks({ tokens, isOpen, depth }: { tokens: readonly Token[]; isOpen: boolean; depth: number }) {
  return tokens.map((token, index) =>
    isMarkdownToken(token) ? (
      <MarkdownBlock key={index} token={token} isOpen={isOpen && index === tokens.length - 1} depth={depth} />
    ) : (
      token.raw
    ),
  )
}

/** The page's own headings are h1 and h2, so an answer's begin at h3. */
function Heading({ token }: { token: Tokens.Heading }) {
  const Tag = token.depth <= 2 ? 'h3' : token.depth === 3 ? 'h4' : token.depth === 4 ? 'h5' : 'h6'
  return (
    <Tag>
      <MarkdownInline tokens={token.tokens} />
    </Tag>
  )
}

function List({ token, isOpen, depth }: { token: Tokens.List; isOpen: boolean; depth: number }) {
  const items = token.items.map((item, index) => (
    <li key={index} className={item.task ? 'md-task-item' : undefined}>
      <Blocks tokens={item.tokens} isOpen={isOpen && index === token.items.length - 1} depth={depth + 1} />
    </li>
  ))
  if (!token.ordered) return <ul>{items}</ul>
  return <ol start={token.start === '' ? undefined : token.start}>{items}</ol>
}

/** Wider than the text it scrolls inside itself, which must be reachable by keyboard and have a name. */
function Table({ token }: { token: Tokens.Table }) {
  const text = useText()
  return (
    <div className="tbl-wrap" tabIndex={0} role="region" aria-label={text('common.table')}>
      <table className="tbl">
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} scope="col" className={toCellClass(cell.align)}>
                <MarkdownInline tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, rowIndex) => (
            <tr key={rowIndex}>
              {row.map((cell, index) => (
                <td key={index} className={toCellClass(cell.align)}>
                  <MarkdownInline tokens={cell.tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function toCellClass(align: Tokens.TableCell['align']): string | undefined {
  if (align === 'right') return 'n'
  return align === 'center' ? 'md-center' : undefined
}

function isClosedFence(token: Tokens.Code): boolean {
  return token.codeBlockStyle === 'indented' || /\n[ \t>]*(?:`{3,}|~{3,})\s*$/.test(token.raw)
}
