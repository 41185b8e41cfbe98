interface Finding {
  name: string
  value: string
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * What a health check found, one by one. A check says what it likes, so that nothing of its shape is taken for granted:
 * plain values come as they are; of a list of named things with a health, each with its health.
 */
export function listCheckFindings(details: Readonly<Record<string, unknown>>): Finding[] {
  return Object.entries(details).flatMap(([name, value]) => {
    if (!Array.isArray(value)) return [{ name, value: isRecord(value) ? JSON.stringify(value) : String(value) }]
    return value.map((each: unknown, index) => toListed(each, `${name}[${index}]`))
  })
}

function toListed(value: unknown, place: string): Finding {
  if (!isRecord(value)) return { name: place, value: String(value) }
  const { id, health, ...rest } = value
  if (typeof id !== 'string') return { name: place, value: JSON.stringify(value) }
  return { name: id, value: typeof health === 'string' ? health : JSON.stringify(rest) }
}
