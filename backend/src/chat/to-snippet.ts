export interface Snippet {
  text: string
  /** [start, end) of each hit in `text`, in UTF-16 units, in order, not overlapping. */
  ranges: [number, number][]
}

const unitsBefore = 40
const unitsAfter = 120

/** Plain text round the first hit, white space folded, and where the terms are in it. Pure. */
export function toSnippet(text: string, terms: readonly string[]): Snippet {
  const plain = text.replace(/\s+/g, ' ').trim()
  const first = findRanges(plain, terms)[0]?.[0] ?? 0
  const start = first <= unitsBefore ? 0 : toBoundary(plain, first - unitsBefore)
  const end = toBoundary(plain, Math.min(plain.length, first + unitsAfter))
  const cut = plain.slice(start, end).trim()
  const snippet = `${start > 0 ? '…' : ''}${cut}${end < plain.length ? '…' : ''}`
  return { text: snippet, ranges: findRanges(snippet, terms) }
}

/** Never between the halves of a surrogate pair. */
function toBoundary(text: string, index: number): number {
  const unit = text.charCodeAt(index)
  return unit >= 0xdc00 && unit <= 0xdfff ? index - 1 : index
}

function findRanges(text: string, terms: readonly string[]): [number, number][] {
  if (terms.length === 0) return []
  // A regular expression, not toLowerCase(): lower case can be longer than the original and would shift the offsets.
  const pattern = new RegExp(terms.map(escapeForPattern).join('|'), 'giu')
  return [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length])
}

function escapeForPattern(term: string): string {
  return term.replace(/[\\^$.*+?()[\]{}|/-]/g, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`)
}
