/** A pattern that finds `text` anywhere, whatever wildcards it contains; for `ILIKE … ESCAPE '\'` (the default). */
export function toContainsPattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}
