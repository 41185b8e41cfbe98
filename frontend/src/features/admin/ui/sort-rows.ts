export type SortValue = string | number | null
export type SortDirection = 'ascending' | 'descending'

/** A new list in the order of `toValue`; what has no value comes last in either direction. Keeps the order of equals. */
export function sortRows<Row>(
  rows: readonly Row[],
  toValue: (row: Row) => SortValue,
  direction: SortDirection,
  languageTag: string,
): Row[] {
  const collator = new Intl.Collator(languageTag, { numeric: true })
  const sign = direction === 'ascending' ? 1 : -1
  return rows.toSorted((oneRow, otherRow) => {
    const one = toValue(oneRow)
    const other = toValue(otherRow)
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    if (typeof one === 'number' && typeof other === 'number') return sign * (one - other)
    return sign * collator.compare(String(one), String(other))
  })
}
