import { Hooks } from 'marked'
import type { MarkedOptions } from 'marked'
import type { MathToken } from './markdown-token.ts'

/** A formula has no blank line (TeX forbids it), so an unclosed `$$` cannot swallow what follows. */
const displayEnd = /\$\$|\n[ \t]*\n/
const bracketEnd = /\\\]|\n[ \t]*\n/
/** Bounded, so that a flood of openers costs no more than its length. */
const inlineDollar = /^(\${1,2})(?![\s$])((?:\\[\s\S]|[^\\$\n]){1,1000})\1(?![\d$])/
const inlineParenthesis = /^\\\(((?:[^\\\n]|\\[^)\n]){1,1000})\\\)/

/**
 * `$…$`, `$$…$$`, `\(…\)` and `\[…\]` for marked. `acceptsOpen`: a display formula that has no end yet is one already;
 * else its source stays text. `$5 and $10` is no formula: an opening dollar has no space after it, a closing one no
 * space before and no digit after it.
 */
export function toMathOptions(acceptsOpen: boolean): Pick<MarkedOptions, 'extensions' | 'hooks'> {
  return {
    extensions: {
      renderers: {},
      childTokens: {},
      block: [
        // Only at the top level does the end of the source mean the end of the text.
        function (source, tokens) {
          return findDisplayMath(source, acceptsOpen && tokens === this.lexer.tokens)
        },
      ],
      startBlock: [findDisplayStart],
      inline: [(source) => findInlineMath(source)],
      startInline: [(source) => source.indexOf('$')],
    },
    hooks: Object.assign(new Hooks(), { emStrongMask: maskMath }),
  }
}

function findDisplayMath(source: string, acceptsOpen: boolean): MathToken | undefined {
  const opener = /^ {0,3}(\$\$|\\\[)/.exec(source)
  if (!opener) return undefined
  const content = source.slice(opener[0].length)
  const closer = (opener[1] === '$$' ? displayEnd : bracketEnd).exec(content)
  if (closer === null) {
    return acceptsOpen ? { type: 'math', raw: source, tex: content, isDisplay: true, isOpen: true } : undefined
  }
  const tex = content.slice(0, closer.index)
  const after = closer.index + closer[0].length
  const rest = /^[ \t]*(?:\n|$)/.exec(content.slice(after))
  // A blank line came first, or text follows on the same line: that is for the inline rule.
  if (closer[0].startsWith('\n') || !rest || tex.trim() === '') return undefined
  const raw = opener[0] + content.slice(0, after) + rest[0]
  return { type: 'math', raw, tex, isDisplay: true, isOpen: false }
}

/** Where a paragraph must end because a display formula begins on a line of its own. */
export function findDisplayStart(source: string): number | undefined {
  // The second alternative is a blank line, at which a paragraph ends anyway: no need to look further.
  const match = /\n(?: {0,3}(?=\$\$|\\\[)|[ \t]*\n)/.exec(source)
  return match?.[0].lastIndexOf('\n') === 0 ? match.index + 1 : undefined
}

function findInlineMath(source: string): MathToken | undefined {
  const dollar = inlineDollar.exec(source)
  if (dollar?.[2] && !/\s$/.test(dollar[2])) {
    return { type: 'math', raw: dollar[0], tex: dollar[2], isDisplay: dollar[1] === '$$', isOpen: false }
  }
  const parenthesis = inlineParenthesis.exec(source)
  if (!parenthesis?.[1]) return undefined
  return { type: 'math', raw: parenthesis[0], tex: parenthesis[1], isDisplay: false, isOpen: false }
}

/** Stars inside a formula are no emphasis. Same length, as marked demands. */
function maskMath(source: string): string {
  if (!source.includes('$')) return source
  return source.replace(/\$[^\s$\n][^$\n]{0,1000}\$/g, (match) => `$${'a'.repeat(match.length - 2)}$`)
}
