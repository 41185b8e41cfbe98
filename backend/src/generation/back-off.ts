interface BackOff {
  attempt: number
  retryAfterMs: number | undefined
  /** 0 ≤ random < 1. */
  random: number
}

const baseMs = 300
const capMs = 8_000
const maxRetryAfterMs = 20_000

/** Full jitter, never earlier than the upstream asked for. Null: it asks for longer than a person would wait. */
export function toBackOffMs({ attempt, retryAfterMs, random }: BackOff): number | null {
  if (retryAfterMs !== undefined && retryAfterMs > maxRetryAfterMs) return null
  const jitterMs = random * Math.min(capMs, baseMs * 2 ** (attempt - 1))
  return Math.round(Math.max(jitterMs, retryAfterMs ?? 0))
}
