import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { RedisLink } from '../redis/redis-link.ts'
import type { OwnedLog } from './owned-log.ts'
import type { RedisLogStore } from './redis-log-store.ts'
import type { LogState } from './stream-log.ts'

interface LogRecovery {
  /** There is a log that is behind: it is brought up to date as soon as Redis answers. */
  wake(): void
  /** Tries now, once; resolves when it has been tried, however it went. */
  tryNow(): Promise<void>
  close(): void
}

interface RecoveryDeps {
  clock: Clock
  logger: Logger
  link: RedisLink
  store: RedisLogStore
  listBehind: () => OwnedLog[]
  onSuperseded: (log: OwnedLog) => void
  onCaughtUp: (log: OwnedLog) => void
}

const roundMs = 100

/**
 * Brings logs that are behind up to date: reads what Redis has and appends exactly what it lacks, under the same
 * numbers. An append that was given up may have run, or may run between two steps; then the step is refused for its seq
 * and the next round sees why. Only a higher fence means that somebody else owns the generation.
 */
export function openLogRecovery(deps: RecoveryDeps): LogRecovery {
  let rounds: Promise<void> = Promise.resolve()
  let cancelTimer: (() => void) | null = null
  let isClosed = false
  const stopListening = deps.link.onChange((isUp) => {
    if (isUp) void tryNow()
  })

  function tryNow(): Promise<void> {
    rounds = rounds.then(round)
    return rounds
  }

  async function round(): Promise<void> {
    const behind = deps.listBehind()
    if (behind.length === 0 || isClosed) return
    try {
      const states = await deps.store.findStates(behind.map((log) => log.generationId))
      const found = await Promise.all(behind.map((log, index) => findPlace(log, states[index] ?? null)))
      await appendMissing(behind.filter((_log, index) => found[index]))
    } catch (error) {
      deps.logger.debug({ err: error, logs: behind.length }, 'logs stay behind')
    }
    wake()
  }

  /** Learns up to where Redis has it, making the log anew where needed. False: not in this round. */
  async function findPlace(log: OwnedLog, state: LogState | null): Promise<boolean> {
    const { generationId, fence } = log
    if (!state) {
      if (!(await deps.store.open(generationId, fence, log.heldAfterSeq))) return false
      log.ackedSeq = log.heldAfterSeq
      return true
    }
    // A higher seq, or an end, under my fence that I did not write: whoever wrote it, it is not mine to touch.
    const isForeign = state.lastSeq > log.lastSeq || (state.isClosed && state.lastSeq < log.lastSeq)
    if (state.fence > fence || isForeign) {
      deps.onSuperseded(log)
      return false
    }
    const lastSeq = state.fence < fence ? await deps.store.seal(generationId, fence) : state.lastSeq
    if (lastSeq === null) return false
    if (lastSeq >= log.heldAfterSeq) {
      log.ackedSeq = lastSeq
      return true
    }
    // Redis came back with less than it had acknowledged, or a long outage let the older frames go to the checkpoint.
    const baseSeq = log.heldAfterSeq
    if ((await deps.store.restart(generationId, fence, lastSeq, baseSeq)) !== 'appended') return false
    log.ackedSeq = baseSeq
    return true
  }

  async function appendMissing(logs: readonly OwnedLog[]): Promise<void> {
    const sent = logs.map((log) => ({ log, request: log.toMissingAppend() }))
    const results = await deps.store.append(sent.flatMap(({ request }) => request ?? []))
    let at = 0
    for (const { log, request } of sent) {
      const result = request ? results[at++] : 'appended'
      if (result === 'superseded') deps.onSuperseded(log)
      if (result !== 'appended') continue
      log.ackedSeq += request?.frames.length ?? 0
      if (log.ackedSeq === log.lastSeq) deps.onCaughtUp(log)
    }
  }

  function wake(): void {
    if (cancelTimer || isClosed || deps.listBehind().length === 0) return
    cancelTimer = deps.clock.setTimer(roundMs, () => {
      cancelTimer = null
      // While Redis is away its return is the next occasion, and asking would only fill the log.
      if (deps.link.isUp()) void tryNow()
    })
  }

  return {
    wake,
    tryNow,
    close() {
      isClosed = true
      cancelTimer?.()
      stopListening()
    },
  }
}
