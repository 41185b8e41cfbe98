/** The shape Lingui's runtime interpolates: text, `[name]`, or `[name, 'plural', { one, other }]` where `#` is the number. */
type Token = string | [name: string] | [name: string, type: 'plural', cases: Record<string, Token[]>]

/**
 * Compiles `{name}` and `{count, plural, one {# chat} other {# chats}}` at load. Lingui's own compiler carries a whole
 * ICU parser, twice the size of its runtime, and its build step needs macros; the catalogues use no more than this.
 */
export function compileMessage(text: string): Token[] {
  const tokens: Token[] = []
  let end = 0
  for (const [index, length, body] of listPlaceholders(text)) {
    if (index > end) tokens.push(text.slice(end, index))
    tokens.push(toPlaceholder(body))
    end = index + length
  }
  if (end < text.length) tokens.push(text.slice(end))
  return tokens
}

/** A whole catalogue, as Lingui's `load` takes it. */
export function compileCatalogue(catalogue: Readonly<Record<string, string>>): Record<string, Token[]> {
  return Object.fromEntries(Object.entries(catalogue).map(([key, message]) => [key, compileMessage(message)]))
}

function toPlaceholder(body: string): Token {
  const [, name = body, cases] = /^(\w+), plural,(.*)$/s.exec(body) ?? []
  if (cases === undefined) return [name]
  const compiled: Record<string, Token[]> = {}
  let end = 0
  for (const [index, length, caseBody] of listPlaceholders(cases)) {
    compiled[cases.slice(end, index).trim()] = caseBody.split(/(#)/).filter((part) => part !== '')
    end = index + length
  }
  return [name, 'plural', compiled]
}

/** The outermost `{…}` of a text: where each begins, how long it is, and what stands inside. */
function listPlaceholders(text: string): [index: number, length: number, body: string][] {
  const found: [number, number, string][] = []
  let depth = 0
  let start = 0
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '{' && depth++ === 0) start = index
    if (text[index] === '}' && --depth === 0) found.push([start, index + 1 - start, text.slice(start + 1, index)])
  }
  return found
}
