import type { MarkedToken, Token } from 'marked'

/** A formula. `isOpen`: its end has not been written yet, which only the last block of a streaming text can be. */
export interface MathToken {
  type: 'math'
  raw: string
  tex: string
  isDisplay: boolean
  isOpen: boolean
}

/** What our lexer produces: marked's tokens and formulas. */
export type MarkdownToken = MarkedToken | MathToken

const knownTypes: ReadonlySet<string> = new Set<MarkdownToken['type']>([
  ...(['blockquote', 'br', 'checkbox', 'code', 'codespan', 'def', 'del', 'em', 'escape', 'heading', 'hr'] as const),
  ...(['html', 'image', 'link', 'list', 'list_item', 'math', 'paragraph', 'space', 'strong', 'table', 'text'] as const),
])

/** False for a token of a kind the renderer does not know; its source is shown instead. */
export function isMarkdownToken(token: Token | MathToken): token is MarkdownToken {
  return knownTypes.has(token.type)
}
