import type { WatchRecord } from './watch-record.ts'

export interface Percentiles {
  count: number
  p50: number
  p95: number
  max: number
}

export interface LiveAgain extends Percentiles {
  /** Who waited longest, in words. */
  slowest: string[]
}

export function toPercentiles(values: readonly number[]): Percentiles {
  const sorted = values.map(Math.round).sort((left, right) => left - right)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? -1
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? -1 }
}

/** Each watcher's longest wait between two pieces of content, less what the upstream waits between two tokens. */
export function toSilences(records: readonly WatchRecord[]): Percentiles {
  return toPercentiles(
    records.flatMap(({ contentTimesMs, plan }) => {
      const gaps = contentTimesMs.slice(1).map((atMs, index) => atMs - (contentTimesMs[index] ?? atMs))
      return gaps.length === 0 ? [] : [Math.max(0, Math.max(...gaps) - plan.gapMs)]
    }),
  )
}

/**
 * How long after a fault each watcher that was in the middle of an answer saw something new, less what the upstream had
 * planned to its first token (which a restarted answer waits for again). Whose first token was due only after the first of
 * `laterMs`, the times of what was done next, may have been made to wait from the beginning once more: its wait counts from
 * the last of them that came before it.
 */
export function toLiveAgain(records: readonly WatchRecord[], faultAtMs: number, laterMs: readonly number[]): LiveAgain {
  const waits = records.flatMap(({ plan, acceptedAtMs, eventTimesMs, contentTimesMs }) => {
    const isUnderWay = acceptedAtMs !== null && acceptedAtMs < faultAtMs && (eventTimesMs.at(-1) ?? 0) > faultAtMs
    const next = contentTimesMs.find((atMs) => atMs > faultAtMs)
    if (!isUnderWay || next === undefined) return []
    const isDueLater = faultAtMs + plan.ttftMs >= (laterMs[0] ?? Infinity)
    const restarts = isDueLater ? laterMs.filter((atMs) => atMs <= next - plan.ttftMs) : []
    return [{ plan, ms: Math.round(Math.max(0, next - Math.max(faultAtMs, ...restarts) - plan.ttftMs)) }]
  })
  const slowest = waits.sort((left, right) => right.ms - left.ms).slice(0, 3)
  return {
    ...toPercentiles(waits.map(({ ms }) => ms)),
    slowest: slowest.map(({ plan, ms }) => `${plan.kind} ${plan.index} on ${plan.agent.id}: ${ms}`),
  }
}
