export interface Snippet {
  text: string
  /** [start, end) of each hit in `text`, in UTF-16 units, in order, not overlapping. */
  ranges: [number, number][]
}

/**
 * Room before the first hit, in columns. A line of results shows its beginning and hides what does not fit behind an
 * ellipsis: on a phone beside the chat's name that is about this much and the hit.
 */
const columnsBefore = 12
const columnsAfter = 120
/** A word that is cut by the room before the hit begins the snippet if no more than this of it would be lost. */
const maxWordUnits = 12

/** Plain text round the first hit, white space folded, and where the terms are in it. Pure. */
export function toSnippet(text: string, terms: readonly string[]): Snippet {
  const plain = text.replace(/\s+/g, ' ').trim()
  const [first, firstEnd] = findRanges(plain, terms)[0] ?? [0, 0]
  const start = toWordStart(plain, stepBack(plain, first, columnsBefore), first)
  const end = Math.max(firstEnd, stepOn(plain, first, columnsAfter))
  const cut = plain.slice(start, end).trim()
  const snippet = `${start > 0 ? '…' : ''}${cut}${end < plain.length ? '…' : ''}`
  return { text: snippet, ranges: findRanges(snippet, terms) }
}

/** The index so many columns before `index`: a Chinese character is two columns wide. Never inside a surrogate pair. */
function stepBack(text: string, index: number, columns: number): number {
  let at = index
  let left = columns
  while (at > 0) {
    const width = isLowSurrogate(text, at - 1) ? 2 : 1
    left -= isWide(text, at - width) ? 2 : 1
    if (left < 0) break
    at -= width
  }
  return at
}

function stepOn(text: string, index: number, columns: number): number {
  let at = index
  let left = columns
  while (at < text.length) {
    left -= isWide(text, at) ? 2 : 1
    if (left < 0) break
    at += isLowSurrogate(text, at + 1) ? 2 : 1
  }
  return at
}

/** The next beginning of a word, unless the word is too long to be left out: then it is cut. */
function toWordStart(text: string, start: number, hit: number): number {
  if (start === 0 || text[start - 1] === ' ' || isWide(text, start)) return start
  const blank = text.indexOf(' ', start)
  return blank >= 0 && blank < hit && blank - start <= maxWordUnits ? blank + 1 : start
}

function isWide(text: string, index: number): boolean {
  return (text.codePointAt(index) ?? 0) >= 0x1100
}

function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  return unit >= 0xdc00 && unit <= 0xdfff
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
