/** The reader's calendar day of a moment, for comparing days. */
export function toDayKey(iso: string): string {
  const date = new Date(iso)
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`
}
