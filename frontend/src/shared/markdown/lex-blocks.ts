import { Lexer, Tokenizer } from 'marked'
import type { Tokens } from 'marked'
import { toCjkRules } from './cjk-rules.ts'
import { isMarkdownToken } from './markdown-token.ts'
import type { MarkdownToken } from './markdown-token.ts'
import { findDisplayStart, toMathOptions } from './math-extension.ts'

const urlEnd = /[，。；：、！？（）【】「」『』《》“”‘’…]/

class ChatTokenizer extends Tokenizer {
  /** A bare address ends at Chinese punctuation: `见 https://a.example，然后` is no single address. */
  override url(source: string): Tokens.Link | undefined {
    const link = super.url(source)
    const end = link ? link.raw.search(urlEnd) : -1
    return end > 0 ? super.url(source.slice(0, end)) : link
  }

  /** A formula ends an underlined heading as it ends a paragraph; marked cuts only the latter for extensions. */
  override lheading(source: string): Tokens.Heading | undefined {
    return super.lheading(source.slice(0, findDisplayStart(source)))
  }
}

/**
 * The blocks of a Markdown text with their inline tokens: GFM, single line breaks kept (agents write for a chat), CJK
 * emphasis, formulas. `acceptsOpenMath`: see `toMathOptions`. Never throws.
 */
export function lexBlocks(source: string, acceptsOpenMath: boolean): MarkdownToken[] {
  try {
    const tokenizer = new ChatTokenizer()
    const lexer = new Lexer({ gfm: true, breaks: true, tokenizer, ...toMathOptions(acceptsOpenMath) })
    tokenizer.rules = toCjkRules(tokenizer.rules)
    return lexer.lex(source).filter(isMarkdownToken)
  } catch {
    // Thousands of nested quotes overflow marked's stack. Nobody meant them, but the text must stay readable.
    return [{ type: 'paragraph', raw: source, text: source, tokens: [{ type: 'text', raw: source, text: source }] }]
  }
}
