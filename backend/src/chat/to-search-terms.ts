const maxTerms = 5

/**
 * The words of a query, longest first: all must occur, in any order. The longest drives the trigram index, for it is the
 * rarest. Empty when the query is white space only. Pure.
 */
export function toSearchTerms(query: string): string[] {
  const terms = new Set(
    query
      .replace(/\u0000/g, '')
      .split(/\s+/)
      .filter(Boolean)
      .slice(0, maxTerms),
  )
  return [...terms].sort((one, other) => other.length - one.length)
}
