import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { RedisLink } from '../redis/redis-link.ts'
import { openLogChannels } from './open-log-channels.ts'
import { parsePublishedEntry, type LogEntry } from './log-entry.ts'
import type { RedisLogStore } from './redis-log-store.ts'
import type { LogSeat } from './log-seat.ts'
import type { LogState } from './stream-log.ts'

/** Reads for all viewers of this instance, over one connection of its own. */
export interface RedisLogReader {
  /** Replay, then live. False: the seat's place lies outside the log. Rejects when Redis does not answer. */
  watch(generationId: string, seat: LogSeat): Promise<boolean>
  /** Takes away the seats that have reached `fromSeq`: from now on they are served from memory. */
  release(generationId: string, fromSeq: number): LogSeat[]
  close(): void
}

interface Watch {
  generationId: string
  seats: Set<LogSeat>
  /** What was published while somebody here replays: it comes after what that one reads. */
  published: LogEntry[]
  replays: number
  hasHeard: boolean
}

interface ReaderDeps {
  clock: Clock
  logger: Logger
  link: RedisLink
  store: RedisLogStore
  /** How often logs that are silent are looked at: for lost messages, for their expiry. */
  checkEveryMs: number
}

/** So long after an outage a log that is missing or behind may still be brought back by its owner. */
const graceMs = 10_000

export function openRedisLogReader(deps: ReaderDeps): RedisLogReader {
  const watches = new Map<string, Watch>()
  const channels = openLogChannels(deps, { onPublished: hear, onReconnected: () => void check(true) })
  let disturbedMs: number | null = null
  const stopListening = deps.link.onChange((isUp) => {
    // To have come up at the start is no outage.
    if (!isUp || disturbedMs !== null) disturbedMs = deps.clock.monotonicMs()
  })
  let isChecking = false
  let isClosed = false
  let cancelCheck = scheduleCheck()

  function hear(generationId: string, message: string): void {
    const watch = watches.get(generationId)
    if (!watch) return
    const entry = parsePublishedEntry(message)
    if (!entry) {
      void checkWatches([watch])
      return
    }
    watch.hasHeard = true
    if (watch.replays > 0) watch.published.push(entry)
    offerAll(watch, entry)
  }

  function offerAll(watch: Watch, entry: LogEntry): void {
    let hasGap = false
    for (const seat of watch.seats) {
      const outcome = seat.offer(entry)
      if (outcome === 'at-end') endSeat(watch, seat, 'ended')
      else if (outcome === 'gap') hasGap = true
    }
    // While somebody replays, a gap is what is being read.
    if (hasGap && watch.replays === 0) void checkWatches([watch])
  }

  function endSeat(watch: Watch, seat: LogSeat, why: 'ended' | 'lost'): void {
    drop(watch, seat)
    seat.end(why)
  }

  function drop(watch: Watch, seat: LogSeat): void {
    watch.seats.delete(seat)
    if (watch.seats.size > 0 || watches.get(watch.generationId) !== watch) return
    watches.delete(watch.generationId)
    channels.leave(watch.generationId)
  }

  /** False: outside the log. */
  async function replay(watch: Watch, seat: LogSeat): Promise<boolean> {
    watch.replays += 1
    try {
      const afterSeq = seat.reachedSeq
      const read = await deps.store.read(watch.generationId, afterSeq)
      if (!read) return false
      const isAtEnd = seat.offer({ afterSeq, frames: read.frames }) === 'at-end'
      if (isAtEnd || read.isClosed) endSeat(watch, seat, 'ended')
      else for (const entry of watch.published) if (seat.offer(entry) === 'at-end') endSeat(watch, seat, 'ended')
      return true
    } finally {
      endReplay(watch)
    }
  }

  function endReplay(watch: Watch): void {
    watch.replays -= 1
    if (watch.replays === 0) watch.published = []
  }

  async function check(isForced: boolean): Promise<void> {
    if (isChecking || isClosed) return
    isChecking = true
    const silent = [...watches.values()].filter((watch) => isForced || !watch.hasHeard)
    for (const watch of watches.values()) watch.hasHeard = false
    await checkWatches(silent)
    isChecking = false
  }

  async function checkWatches(checked: readonly Watch[]): Promise<void> {
    if (checked.length === 0) return
    try {
      const askedAt = new Map<LogSeat, number>()
      for (const watch of checked) for (const seat of watch.seats) askedAt.set(seat, seat.reachedSeq)
      const states = await deps.store.findStates(checked.map((watch) => watch.generationId))
      await Promise.all(checked.map((watch, index) => settle(watch, states[index] ?? null, askedAt)))
    } catch (error) {
      deps.logger.debug({ err: error }, 'logs could not be looked at')
    }
  }

  async function settle(watch: Watch, state: LogState | null, askedAt: Map<LogSeat, number>): Promise<void> {
    // Who is just reading finds out by that.
    if (watch.replays > 0) return
    const isDisturbed = disturbedMs !== null && deps.clock.monotonicMs() - disturbedMs < graceMs
    const lagging: LogSeat[] = []
    for (const seat of [...watch.seats]) {
      const at = seat.reachedSeq
      // Who has gone on since the question, or came after it, is not told anything by the answer.
      if (askedAt.get(seat) !== at) continue
      if (state && at < state.lastSeq) lagging.push(seat)
      else if (state && at === state.lastSeq) {
        if (state.isClosed) endSeat(watch, seat, 'ended')
      } else if (!isDisturbed) endSeat(watch, seat, state ? 'lost' : 'ended')
    }
    for (const seat of lagging) if (!(await replay(watch, seat))) endSeat(watch, seat, 'lost')
  }

  function scheduleCheck(): () => void {
    return deps.clock.setTimer(deps.checkEveryMs, () => {
      channels.checkConnection()
      void check(false).finally(() => {
        if (!isClosed) cancelCheck = scheduleCheck()
      })
    })
  }

  return {
    async watch(generationId, seat) {
      const known = watches.get(generationId)
      const watch = known ?? { generationId, seats: new Set(), published: [], replays: 0, hasHeard: false }
      watches.set(generationId, watch)
      watch.seats.add(seat)
      seat.onLeave = () => drop(watch, seat)
      watch.replays += 1
      try {
        // Listening first, reading second: an append falls into the one or the other, and into both only once.
        await channels.join(generationId)
        const isInside = await replay(watch, seat)
        if (!isInside) drop(watch, seat)
        return isInside
      } catch (error) {
        drop(watch, seat)
        throw error
      } finally {
        endReplay(watch)
      }
    },
    release(generationId, fromSeq) {
      const watch = watches.get(generationId)
      if (!watch || watch.replays > 0) return []
      const released = [...watch.seats].filter((seat) => seat.reachedSeq >= fromSeq)
      for (const seat of released) drop(watch, seat)
      return released
    },
    close() {
      isClosed = true
      cancelCheck()
      stopListening()
      channels.close()
      for (const watch of [...watches.values()]) for (const seat of [...watch.seats]) endSeat(watch, seat, 'ended')
    },
  }
}
