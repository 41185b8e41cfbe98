/** `2026-05-01T08:30` in the reader's own zone, as `<input type="datetime-local">` has it; empty for no timestamp. */
export function toLocalField(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  const toTwo = (value: number) => String(value).padStart(2, '0')
  const day = [String(date.getFullYear()), toTwo(date.getMonth() + 1), toTwo(date.getDate())].join('-')
  return `${day}T${toTwo(date.getHours())}:${toTwo(date.getMinutes())}`
}

/** The same the other way round; empty for what is no time, such as a field half written. */
export function toTimestamp(field: string): string {
  const date = new Date(field)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}
