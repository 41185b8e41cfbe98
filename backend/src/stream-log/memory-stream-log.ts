import type { Clock } from '../base/clock.ts'
import { HeldFrames } from './held-frames.ts'
import { maxLogBytes } from './stream-log.ts'
import type { AppendOutcome, AppendRequest, LogFrame, LogPlace, LogViewer, StreamLog, ViewEnd } from './stream-log.ts'

interface Log {
  generationId: string
  fence: number
  baseSeq: number
  lastSeq: number
  isClosed: boolean
  frames: HeldFrames
  viewers: Set<LogViewer>
  cancelExpiry: (() => void) | null
}

function createLog(generationId: string, fence: number, baseSeq: number): Log {
  return {
    generationId,
    fence,
    baseSeq,
    lastSeq: baseSeq,
    isClosed: false,
    frames: new HeldFrames(),
    viewers: new Set(),
    cancelExpiry: null,
  }
}

/** At 500 answers a second, ten minutes of logs would be gigabytes. */
const defaultMaxClosedBytes = 16 * 1024 * 1024

/**
 * The log of one process, gone with it. Every step is synchronous, which is what makes it atomic. Logs of ended answers
 * share `maxClosedBytes`: beyond it the oldest go before their time, and viewers get the stored message instead.
 */
export function openMemoryStreamLog(deps: { clock: Clock; maxClosedBytes?: number }): StreamLog {
  const maxClosedBytes = deps.maxClosedBytes ?? defaultMaxClosedBytes
  const logs = new Map<string, Log>()
  /** In the order in which they were closed. */
  const closedLogs = new Set<Log>()
  let closedBytes = 0

  function append(request: AppendRequest): AppendOutcome {
    const log = logs.get(request.generationId)
    const last = request.frames.at(-1)
    if (!log || log.isClosed || log.fence !== request.fence || log.lastSeq !== request.expectedLastSeq) return 'refused'
    if (!last) return 'appended'
    log.frames.add(request.frames)
    log.lastSeq = last.seq
    log.isClosed = last.isTerminal
    for (const viewer of log.viewers) viewer.onFrames(request.frames)
    if (log.isClosed) keepWhileThereIsRoom(log)
    return 'appended'
  }

  function keepWhileThereIsRoom(log: Log): void {
    endViewers(log, 'ended')
    closedLogs.add(log)
    closedBytes += log.frames.bytes
    for (const oldest of closedLogs) {
      if (closedBytes <= maxClosedBytes || oldest === log) return
      drop(oldest.generationId)
    }
  }

  function endViewers(log: Log, why: ViewEnd): void {
    const viewers = [...log.viewers]
    log.viewers.clear()
    for (const viewer of viewers) viewer.onEnd(why)
  }

  function readAfter(log: Log, afterSeq: number): LogFrame[] | null {
    if (afterSeq < log.baseSeq || afterSeq > log.lastSeq) return null
    return log.frames.skip(afterSeq - log.baseSeq)
  }

  function drop(generationId: string): void {
    const log = logs.get(generationId)
    if (!log) return
    log.cancelExpiry?.()
    logs.delete(generationId)
    if (closedLogs.delete(log)) closedBytes -= log.frames.bytes
    endViewers(log, 'ended')
  }

  function trim(place: LogPlace): void {
    const log = logs.get(place.generationId)
    if (!log || log.isClosed || place.seq <= log.baseSeq || place.seq > log.lastSeq) return
    if (log.frames.bytes <= maxLogBytes) return
    log.frames.drop(place.seq - log.baseSeq)
    log.baseSeq = place.seq
  }

  return {
    async open(generationId, fence, baseSeq) {
      if (logs.has(generationId)) return false
      logs.set(generationId, createLog(generationId, fence, baseSeq))
      return true
    },
    async append(requests) {
      return requests.map(append)
    },
    async restart(generationId, fence, expectedLastSeq, baseSeq) {
      const log = logs.get(generationId)
      if (!log || log.fence !== fence || log.lastSeq !== expectedLastSeq || baseSeq < expectedLastSeq) return 'refused'
      if (closedLogs.delete(log)) closedBytes -= log.frames.bytes
      Object.assign(log, { baseSeq, lastSeq: baseSeq, isClosed: false, frames: new HeldFrames() })
      endViewers(log, 'lost')
      return 'appended'
    },
    async seal(generationId, fence) {
      const log = logs.get(generationId)
      if (!log) return null
      if (fence > log.fence) log.fence = fence
      return log.lastSeq
    },
    async findState(generationId) {
      const log = logs.get(generationId)
      return log ? { fence: log.fence, firstSeq: log.baseSeq + 1, lastSeq: log.lastSeq, isClosed: log.isClosed } : null
    },
    async read(generationId, afterSeq) {
      const log = logs.get(generationId)
      return log ? readAfter(log, afterSeq) : null
    },
    async subscribe(generationId, afterSeq, viewer) {
      const log = logs.get(generationId)
      const replay = log ? readAfter(log, afterSeq) : null
      if (!log || !replay) return null
      // Replay and registration in one synchronous block: an append can fall neither between them nor twice.
      if (replay.length > 0) viewer.onFrames(replay)
      if (log.isClosed) viewer.onEnd('ended')
      else log.viewers.add(viewer)
      return () => {
        log.viewers.delete(viewer)
      }
    },
    isAway: () => false,
    isDegraded: () => false,
    release: () => undefined,
    // It lives as long as its only process: there is nobody else who would have to clear up.
    async renew() {},
    async trim(places) {
      for (const place of places) trim(place)
    },
    async expireAfter(generationId, ttlMs) {
      const log = logs.get(generationId)
      if (!log) return
      log.cancelExpiry?.()
      log.cancelExpiry = deps.clock.setTimer(ttlMs, () => drop(generationId))
    },
    async close() {
      for (const generationId of logs.keys()) drop(generationId)
    },
  }
}
