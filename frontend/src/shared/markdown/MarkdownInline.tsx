import type { Token, Tokens } from 'marked'
import type { ReactNode } from 'react'
import { useText } from '../i18n/use-text.ts'
import { Icon } from '../ui/Icon.tsx'
import { decodeEntities } from './decode-entities.ts'
import { isMarkdownToken } from './markdown-token.ts'
import type { MarkdownToken } from './markdown-token.ts'
import { MathFormula } from './MathFormula.tsx'
import { toSafeHref } from './to-safe-href.ts'

/** Deeper nesting than this is shown as its source: nobody reads it, and it would exhaust the stack. */
const maxDepth = 20

/** Inline tokens as React elements. No HTML is ever parsed: React escapes every text. */
export function MarkdownInline({ tokens, depth = 0 }: { tokens: readonly Token[]; depth?: number }) {
  return tokens.map((token, index) => <InlineToken key={index} token={token} depth={depth} />)
}

function InlineToken({ token, depth }: { token: Token; depth: number }): ReactNode {
  if (depth > maxDepth || !isMarkdownToken(token)) return token.raw
  return renderStyled(token, depth + 1) ?? renderPlain(token)
}

function renderStyled(token: MarkdownToken, depth: number): ReactNode {
  switch (token.type) {
    case 'strong':
      return (
        <strong>
          <MarkdownInline tokens={token.tokens} depth={depth} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <MarkdownInline tokens={token.tokens} depth={depth} />
        </em>
      )
    case 'del':
      return (
        <del>
          <MarkdownInline tokens={token.tokens} depth={depth} />
        </del>
      )
    case 'link':
      return <Link token={token} depth={depth} />
    case 'image':
      return <ImageLink token={token} />
    default:
      return null
  }
}

function renderPlain(token: MarkdownToken): ReactNode {
  switch (token.type) {
    case 'text':
      return token.tokens ? <MarkdownInline tokens={token.tokens} /> : toReadable(token)
    case 'escape':
      return token.text
    case 'codespan':
      return <code>{token.text}</code>
    case 'br':
      return <br />
    case 'math':
      return <MathFormula tex={token.tex} isDisplay={token.isDisplay} />
    case 'checkbox':
      return <TaskMark isDone={token.checked} />
    case 'html':
      // The one tag that agents write to break a line inside a table cell, and that can do nothing else.
      return /^<br\s*\/?>$/i.test(token.raw) ? <br /> : token.raw
    default:
      return token.raw
  }
}

function toReadable(token: Tokens.Text): string {
  return token.escaped ? token.text : decodeEntities(token.text)
}

function Link({ token, depth }: { token: Tokens.Link; depth: number }) {
  const href = toSafeHref(token.href)
  const content = <MarkdownInline tokens={token.tokens} depth={depth} />
  return href ? <OutsideLink href={href}>{content}</OutsideLink> : content
}

/** A link instead of the image: loading it would tell its server who reads this answer, and when. */
function ImageLink({ token }: { token: Tokens.Image }) {
  const text = useText()
  const href = toSafeHref(token.href)
  const name = decodeEntities(token.text) || text('common.image')
  if (!href?.startsWith('https:')) return name
  return (
    <OutsideLink href={href}>
      <span className="md-image">
        <Icon name="file" isSmall />
        {name}
      </span>
    </OutsideLink>
  )
}

function OutsideLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}

function TaskMark({ isDone }: { isDone: boolean }) {
  const text = useText()
  return (
    <input
      type="checkbox"
      className="md-task"
      checked={isDone}
      disabled
      readOnly
      aria-label={text(isDone ? 'common.task.done' : 'common.task.open')}
    />
  )
}
