import { toRecord, toRecords, toText } from './lenient-json.ts'

type Headers = Readonly<Record<string, string>>

/** Longer waits are no retry any more. */
const maxRetryAfterMs = 3_600_000

/**
 * How long the upstream asks us to wait, ms: `retry-after-ms`, `retry-after` (seconds or HTTP date), Google's RetryInfo
 * in the body, else the latest reset among the rate limits that are used up. Undefined when it says nothing.
 */
export function findRetryAfterMs(headers: Headers, body: unknown): number | undefined {
  const nowMs = findDateMs(headers['date']) ?? Date.now()
  const found =
    toPositive(headers['retry-after-ms'], 1) ??
    toPositive(headers['retry-after'], 1000) ??
    toDelayMs(findDateMs(headers['retry-after']), nowMs) ??
    findRetryInfoMs(body) ??
    findResetMs(headers, nowMs)
  return found === undefined ? undefined : Math.min(Math.round(found), maxRetryAfterMs)
}

function toPositive(text: string | undefined, unitMs: number): number | undefined {
  if (text === undefined || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined
  return Number(text) * unitMs
}

function findDateMs(text: string | undefined): number | undefined {
  const parsedMs = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(parsedMs) ? undefined : parsedMs
}

function toDelayMs(atMs: number | undefined, nowMs: number): number | undefined {
  return atMs === undefined ? undefined : Math.max(0, atMs - nowMs)
}

/** `{error:{details:[{"@type":"…RetryInfo","retryDelay":"34.4s"}]}}` */
function findRetryInfoMs(body: unknown): number | undefined {
  const details = toRecords(toRecord(toRecord(body)['error'])['details'])
  const delay = details.map((detail) => toText(detail['retryDelay'])).find((text) => text !== '')
  return delay === undefined ? undefined : toDurationMs(delay)
}

const unitsMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** Go-style durations: `1s`, `6m0s`, `120ms`, `34.4s`. */
function toDurationMs(text: string): number | undefined {
  const pieces = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)]
  if (pieces.length === 0) return undefined
  return pieces.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitsMs[unit ?? ''] ?? 0), 0)
}

/** OpenAI `x-ratelimit-*` and Anthropic `anthropic-ratelimit-*`: the resets of what has nothing remaining. */
function findResetMs(headers: Headers, nowMs: number): number | undefined {
  const delays = Object.entries(headers).flatMap(([name, value]) => {
    const openai = /^x-ratelimit-reset-(.+)$/.exec(name)
    if (openai) return headers[`x-ratelimit-remaining-${openai[1] ?? ''}`] === '0' ? [toDurationMs(value)] : []
    const anthropic = /^anthropic-ratelimit-(.+)-reset$/.exec(name)
    if (!anthropic || headers[`anthropic-ratelimit-${anthropic[1] ?? ''}-remaining`] !== '0') return []
    return [toDelayMs(findDateMs(value), nowMs)]
  })
  const known = delays.filter((delay) => delay !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
