/** A stretch of text and whether it is what was searched for. */
export interface Piece {
  text: string
  isHit: boolean
}

/** Cuts `text` at `ranges`, [start, end) in UTF-16 units. Ranges outside the text or over another are ignored. */
export function toPieces(text: string, ranges: readonly (readonly [number, number])[]): Piece[] {
  const pieces: Piece[] = []
  let position = 0
  for (const [start, end] of [...ranges].sort((one, other) => one[0] - other[0])) {
    if (start < position || end > text.length || end <= start) continue
    if (start > position) pieces.push({ text: text.slice(position, start), isHit: false })
    pieces.push({ text: text.slice(start, end), isHit: true })
    position = end
  }
  if (position < text.length) pieces.push({ text: text.slice(position), isHit: false })
  return pieces
}

const unitsBefore = 12

/**
 * `text` and where `query` stands in it, cut before the hit where that stands so far back that a narrow line would hide
 * it behind its ellipsis; for what the browser itself filters. The server cuts its snippets alike.
 */
export function toHitLabel(text: string, query: string): { label: string; ranges: [number, number][] } {
  const [range] = findRanges(text, query)
  if (!range || range[0] <= 2 * unitsBefore) return { label: text, ranges: range ? [range] : [] }
  const cut = range[0] - unitsBefore
  const isInsidePair = /[\uDC00-\uDFFF]/.test(text.charAt(cut))
  const label = `…${text.slice(isInsidePair ? cut - 1 : cut).trimStart()}`
  return { label, ranges: findRanges(label, query) }
}

/** Where `query` stands in `text`, whatever its case; for what the browser itself filters. */
export function findRanges(text: string, query: string): [number, number][] {
  const index = query === '' ? -1 : text.toLowerCase().indexOf(query.toLowerCase())
  return index === -1 ? [] : [[index, index + query.length]]
}
