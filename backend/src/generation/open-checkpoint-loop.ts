import type { Clock } from '../base/clock.ts'
import type { Failpoints } from '../base/failpoints.ts'
import type { Logger } from '../base/logger.ts'
import type { LogPlace } from '../stream-log/stream-log.ts'
import type { WriterSnapshot } from './generation-writer.ts'
import type { RunningGeneration } from './running-generation.ts'

interface CheckpointDeps {
  clock: Clock
  failpoints: Failpoints
  logger: Logger
  everyMs: number
  running: () => Iterable<RunningGeneration>
  saveCheckpoints: (checkpoints: readonly WriterSnapshot[]) => Promise<unknown>
  closeLogs: (generationIds: readonly string[]) => Promise<void>
  /** The shared log is away or behind: the checkpoints are what viewers elsewhere see, and what a crash leaves. */
  isDegraded: () => boolean
  /** Logs need not hold what the checkpoints hold. */
  trimLogs: (places: readonly LogPlace[]) => Promise<void>
}

const degradedEveryMs = 1_000

/** Saves what has changed since the last time, of all running generations at once; and marks closed logs. */
export function openCheckpointLoop(deps: CheckpointDeps): {
  markClosed: (generationId: string) => void
  /** Saves now; used at the end of the process. */
  flush: () => Promise<void>
  close: () => void
} {
  const saved = new WeakMap<RunningGeneration, WriterSnapshot>()
  let closed: string[] = []
  let isOver = false
  let cancel = schedule()

  function schedule(): () => void {
    const everyMs = deps.isDegraded() ? Math.min(deps.everyMs, degradedEveryMs) : deps.everyMs
    return deps.clock.setTimer(everyMs, () => {
      tick()
        .catch((error: unknown) => deps.logger.warn({ err: error }, 'checkpoint failed'))
        .finally(() => {
          if (!isOver) cancel = schedule()
        })
    })
  }

  async function tick(): Promise<void> {
    await saveChanged()
    await saveClosed()
  }

  async function saveChanged(): Promise<void> {
    const changed = new Map<RunningGeneration, WriterSnapshot>()
    for (const running of deps.running()) {
      if (running.writer.isSuperseded) continue
      const snapshot = running.writer.snapshot()
      if (hasChanged(saved.get(running), snapshot)) changed.set(running, snapshot)
    }
    if (changed.size === 0) return
    const checkpoints = [...changed.values()]
    deps.failpoints.hit('checkpoint:before')
    await deps.saveCheckpoints(checkpoints)
    deps.failpoints.hit('checkpoint:after')
    await deps.trimLogs(checkpoints)
    for (const [running, snapshot] of changed) saved.set(running, snapshot)
  }

  async function saveClosed(): Promise<void> {
    const ids = closed
    if (ids.length === 0) return
    closed = []
    try {
      await deps.closeLogs(ids)
    } catch (error) {
      closed.push(...ids)
      throw error
    }
  }

  return {
    markClosed: (generationId) => closed.push(generationId),
    flush: tick,
    close() {
      isOver = true
      cancel()
    },
  }
}

/** What the upstream calls its run is worth as much as text: with it a later owner need not ask again. */
function hasChanged(before: WriterSnapshot | undefined, now: WriterSnapshot): boolean {
  return before?.seq !== now.seq || before.upstream !== now.upstream
}
