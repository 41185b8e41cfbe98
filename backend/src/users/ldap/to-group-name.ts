/** Bytes written as `\C3\A9`, and characters that mean something in a name written as `\,` (RFC 4514 §2.4). */
function unescapeValue(text: string): string {
  const parts = text.match(/(?:\\[0-9A-Fa-f]{2})+|\\.|[^\\]+/gs) ?? []
  return parts
    .map((part) => {
      if (!part.startsWith('\\')) return part
      if (/^(?:\\[0-9A-Fa-f]{2})+$/.test(part)) return Buffer.from(part.replaceAll('\\', ''), 'hex').toString()
      return part.slice(1)
    })
    .join('')
}

/** What a group calls itself, out of its distinguished name: `cn=Legal,ou=groups` → `Legal`. Null: not a name. */
export function toGroupName(dn: string): string | null {
  const value = /^\s*[^=,+]+=((?:\\.|[^,+\\])*)/s.exec(dn)?.[1]
  return value === undefined ? null : unescapeValue(value.trim())
}
