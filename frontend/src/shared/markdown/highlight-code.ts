import { decodeEntities } from './decode-entities.ts'
import { findGrammar } from './grammars.ts'

/** A piece of code; `scope` is highlight.js' class, such as `hljs-keyword`, or empty. */
export interface CodeSpan {
  text: string
  scope: string
}

/** Above this, colouring would hold up the page longer than it helps the reader. */
const maxCharacters = 30_000

/** The colours of a piece of code; null when its language is unknown or it is too long. Loads what it needs. */
export async function highlightCode(code: string, language: string): Promise<CodeSpan[] | null> {
  const grammar = findGrammar(language)
  if (!grammar || code.length > maxCharacters) return null
  const [{ default: core }, { default: definition }] = await Promise.all([
    import('highlight.js/lib/core'),
    grammar.load(),
  ])
  if (!core.getLanguage(grammar.name)) core.registerLanguage(grammar.name, definition)
  return toSpans(core.highlight(code, { language: grammar.name, ignoreIllegals: true }).value)
}

/** Reads the little HTML highlight.js writes (`<span class="…">`, `</span>`, escaped text) without a DOM. */
export function toSpans(html: string): CodeSpan[] {
  const spans: CodeSpan[] = []
  const scopes: string[] = []
  for (const piece of html.split(/(<span class="[^"]*">|<\/span>)/)) {
    const scope = /^<span class="([^"]*)">$/.exec(piece)?.[1]
    if (scope !== undefined) scopes.push(scope)
    else if (piece === '</span>') scopes.pop()
    else if (piece !== '') spans.push({ text: unescape(piece), scope: scopes.at(-1) ?? '' })
  }
  return spans
}

function unescape(text: string): string {
  return decodeEntities(text.replaceAll('&#x27;', "'"))
}
