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

/** Where `query` stands in `text`, whatever its case; for what the browser itself filters. */
export function findRanges(text: string, query: string): [number, number][] {
  const index = query === '' ? -1 : text.toLowerCase().indexOf(query.toLowerCase())
  return index === -1 ? [] : [[index, index + query.length]]
}
