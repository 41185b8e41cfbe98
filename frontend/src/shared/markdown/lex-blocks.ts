import { Lexer, Tokenizer } from 'marked'
import type { Tokens } from 'marked'
import { toCjkRules } from './cjk-rules.ts'
import { isMarkdownToken } from './markdown-token.ts'
import type { MarkdownToken } from './markdown-token.ts'
import { findDisplayStart, toMathOptions } from './math-extension.ts'

/** Longer ones are cut. Browsers stop a little above. */
const maxUrlLength = 2048
const urlEnd = /[，。；：、！？（）【】「」『』《》“”‘’…]/

class ChatTokenizer extends Tokenizer {
  /**
   * A bare address ends at Chinese punctuation: `见 https://a.example，然后` is no single address. Looking no further than
   * that also keeps a flood of addresses linear, for which marked scans to the next space.
   */
  override url(source: string): Tokens.Link | undefined {
    if (!/^[\w.+-]/.test(source)) return undefined
    const head = source.slice(0, maxUrlLength)
    const end = head.search(urlEnd)
    return super.url(end === -1 ? head : head.slice(0, end))
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
