import type { Exchange } from './exchange.ts'
import type { JsonObject } from './json-fields.ts'

export interface RecordedRequest {
  /** Counts from 1 since the last reset. */
  number: number
  method: string
  /** With the query. */
  url: string
  /** Headers that carry secrets are replaced by `[redacted]`. */
  headers: Record<string, string>
  body: JsonObject
}

export interface RequestLog {
  record(exchange: Exchange): void
  list(last?: number): RecordedRequest[]
  reset(): void
}

const SECRET_HEADERS = ['authorization', 'x-api-key', 'api-key', 'cookie', 'proxy-authorization', 'x-goog-api-key']

function toSafeHeaders(exchange: Exchange): Record<string, string> {
  const safe: Record<string, string> = {}
  for (const [name, value] of Object.entries(exchange.request.headers)) {
    if (value === undefined) continue
    safe[name] = SECRET_HEADERS.includes(name) ? '[redacted]' : String(value)
  }
  return safe
}

/** Remembers the newest requests, for checks of what reached the upstream. */
export function createRequestLog(capacity: number): RequestLog {
  let entries: RecordedRequest[] = []
  let count = 0

  return {
    record(exchange) {
      count += 1
      entries.push({
        number: count,
        method: exchange.method,
        url: exchange.request.url ?? '',
        headers: toSafeHeaders(exchange),
        body: exchange.body,
      })
      if (entries.length > capacity) entries.shift()
    },
    list: (last) => (last === undefined ? [...entries] : entries.slice(Math.max(0, entries.length - last))),
    reset() {
      entries = []
      count = 0
    },
  }
}
