import type { AuditEntry } from '@llmchat/protocol/api/audit-schema'

const columns = [
  'seq',
  'at',
  'actorKind',
  'actorId',
  'apiKeyId',
  'action',
  'targetKind',
  'targetId',
  'outcome',
  'errorCode',
  'address',
  'requestId',
  'details',
  'hash',
] as const satisfies (keyof AuditEntry)[]

/** Spreadsheets run what begins like a formula; an apostrophe makes it text again. */
function toCell(value: AuditEntry[(typeof columns)[number]]): string {
  if (value === null) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csvHead = `${columns.join(',')}\r\n`

/** RFC 4180 lines, without the head. */
export function toCsv(entries: readonly AuditEntry[]): string {
  return entries.map((entry) => `${columns.map((column) => toCell(entry[column])).join(',')}\r\n`).join('')
}
