import type { InputRequest } from '@llmchat/protocol/chat-event'

/** What was chosen or filled in, one pair per field; null when `reply` is no reply to this request. */
export function findReplyPairs(request: InputRequest, reply: string): { label: string; value: string }[] | null {
  if (request.kind === 'select') {
    const option = request.options.find(({ key }) => key === reply)
    return option ? [{ label: request.title, value: option.label }] : null
  }
  const values = parseRecord(reply)
  if (!values) return null
  return request.fields.flatMap(({ key, label }) =>
    values[key] === undefined ? [] : [{ label, value: toValueText(values[key]) }],
  )
}

/** The form's fields as the agent expects them: JSON of key and value. */
export function toFormReply(request: InputRequest, data: FormData): string {
  const values: Record<string, unknown> = {}
  for (const { key, type } of request.fields) {
    const value = data.get(key)
    if (type === 'checkbox') values[key] = value !== null
    else if (type === 'number') values[key] = typeof value === 'string' && value !== '' ? Number(value) : null
    else values[key] = typeof value === 'string' ? value : ''
  }
  return JSON.stringify(values)
}

/** True when the agent goes on without an answer to any of it. */
export function canSkip(request: InputRequest): boolean {
  return request.kind === 'form' && request.fields.length > 0 && request.fields.every((field) => !field.isRequired)
}

function parseRecord(json: string): Record<string, unknown> | null {
  if (!json.startsWith('{')) return null
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}

function toValueText(value: unknown): string {
  if (typeof value === 'boolean') return value ? '✓' : '—'
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : '—'
}
