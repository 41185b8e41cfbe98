const TICK_MS = 5

export interface TickerEntry {
  /** Called once the entry's time has come; it re-checks for itself what is due. */
  wake(nowMs: number): void
}

export interface Ticker {
  nowMs(): number
  schedule(entry: TickerEntry, dueMs: number): void
  close(): void
}

/**
 * One timer for all streams: entries wait in buckets of 5 ms. A timer per token would cost more than the token
 * itself at 50,000 tokens a second. The timer sleeps while nothing is due.
 */
export function openTicker(): Ticker {
  const buckets = new Map<number, TickerEntry[]>()
  let lastSlot = 0
  let timer: NodeJS.Timeout | null = null
  let isClosed = false
  const nowMs = (): number => performance.now()

  function tick(): void {
    const now = nowMs()
    const slot = Math.floor(now / TICK_MS)
    for (; lastSlot < slot; lastSlot += 1) {
      const due = buckets.get(lastSlot + 1)
      if (due === undefined) continue
      buckets.delete(lastSlot + 1)
      for (const entry of due) entry.wake(now)
    }
    if (buckets.size === 0 && timer !== null) {
      clearInterval(timer)
      timer = null
    }
  }

  return {
    nowMs,
    schedule(entry, dueMs) {
      if (isClosed) return
      if (timer === null) {
        lastSlot = Math.floor(nowMs() / TICK_MS)
        timer = setInterval(tick, TICK_MS)
      }
      const slot = Math.max(Math.ceil(dueMs / TICK_MS), lastSlot + 1)
      const bucket = buckets.get(slot)
      if (bucket === undefined) buckets.set(slot, [entry])
      else bucket.push(entry)
    },
    close() {
      isClosed = true
      if (timer !== null) clearInterval(timer)
      timer = null
      buckets.clear()
    },
  }
}
