import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { RedisLink } from '../redis/redis-link.ts'
import { LogSeat } from './log-seat.ts'
import { openLogRecovery } from './open-log-recovery.ts'
import { OwnedLog } from './owned-log.ts'
import type { AppendResult } from './redis-log-store.ts'
import type { RedisStreamLog } from './redis-stream-log.ts'
import type { AppendOutcome, AppendRequest, LogFrame, LogPlace, LogState, StreamLog } from './stream-log.ts'

/** The stream log of an instance among others: what it owns is held here too, so that Redis may be away. */
export interface OwnerTail extends StreamLog {
  /** Redis lacks, or may lack, something of this generation, which this instance owns. */
  isBehind(generationId: string): boolean
}

/** A command is given up after one second. If it took this long to notice, it was this process that stood still. */
const stalledMs = 3000
const maxLooks = 3
const doubtEveryMs = 100

/**
 * Appends go to Redis first and to the viewers of this instance when it has acknowledged them, without reading them
 * back. When Redis fails, the frames held here are the log: appends succeed, viewers here see them, and everything
 * missing is appended under the same numbers once Redis is back. Only a higher fence ends ownership.
 */
export function openOwnerTail(deps: {
  clock: Clock
  logger: Logger
  link: RedisLink
  redisLog: RedisStreamLog
  /** False: others may have declared this instance dead without its knowing. */
  isOwnershipCertain: () => boolean
}): OwnerTail {
  const { link, redisLog } = deps
  const logger = deps.logger.child({ room: 'stream-log' })
  const owned = new Map<string, OwnedLog>()
  let isClosed = false
  const recovery = openLogRecovery({
    ...deps,
    logger,
    store: redisLog.store,
    listBehind: () => [...owned.values()].filter((log) => log.isBehind),
    onSuperseded: supersede,
    onCaughtUp: settle,
  })

  function own(generationId: string, fence: number, baseSeq: number): OwnedLog {
    const former = owned.get(generationId)
    // Never lowered, and never exchanged for one that holds less.
    if (former && former.fence >= fence) return former
    const log = new OwnedLog(generationId, fence, baseSeq)
    for (const seat of former?.seats ?? []) if (seat.reachedSeq === baseSeq) move(seat, former, log)
    if (former) giveUp(former)
    owned.set(generationId, log)
    // Who watched it from another instance until now is served from here, and misses nothing if Redis goes.
    for (const seat of redisLog.reader.release(generationId, baseSeq)) log.seat(seat)
    return log
  }

  function move(seat: LogSeat, from: OwnedLog | undefined, to: OwnedLog): void {
    from?.seats.delete(seat)
    to.seat(seat)
  }

  function markBehind(log: OwnedLog): void {
    if (!log.isBehind) logger.warn({ generationId: log.generationId, seq: log.lastSeq }, 'log is behind')
    log.isBehind = true
    recovery.wake()
  }

  function settle(log: OwnedLog): void {
    log.isBehind = false
    logger.info({ generationId: log.generationId, seq: log.lastSeq }, 'log has caught up')
    if (log.ttlMs !== null) void expire(log.generationId, log.ttlMs)
  }

  function supersede(log: OwnedLog): void {
    if (owned.get(log.generationId) !== log) return
    logger.warn({ generationId: log.generationId, fence: log.fence }, 'log has a newer owner')
    giveUp(log)
  }

  /** Viewers whose place is in the log go on from there; what the others saw never got into it. */
  function giveUp(log: OwnedLog): void {
    if (owned.get(log.generationId) === log) owned.delete(log.generationId)
    const seats = [...log.seats]
    log.seats.clear()
    for (const seat of seats) handOn(log, seat)
  }

  function handOn(log: OwnedLog, seat: LogSeat): void {
    if (seat.reachedSeq > log.ackedSeq) {
      seat.end('lost')
      return
    }
    redisLog.reader.watch(log.generationId, seat).then(
      (isInside) => {
        if (!isInside) seat.end('lost')
      },
      () => seat.end('lost'),
    )
  }

  function release(generationId: string): void {
    const log = owned.get(generationId)
    if (log) giveUp(log)
  }

  /** Without Redis only the ownership itself keeps two from writing on: while it is in doubt, nothing is shown. */
  async function waitForCertainty(): Promise<void> {
    while (!link.isUp() && !deps.isOwnershipCertain() && !isClosed)
      await new Promise<void>((resolve) => deps.clock.setTimer(doubtEveryMs, resolve))
  }

  async function append(requests: readonly AppendRequest[]): Promise<AppendOutcome[]> {
    if (!deps.isOwnershipCertain()) await waitForCertainty()
    // Whoever owns it when the reply comes need not be who owned it when this was sent.
    const senders = requests.map((request) => owned.get(request.generationId))
    const outcomes = requests.map((request, index) => appendInMemory(request, senders[index]))
    const sent = requests.flatMap((request, index) =>
      outcomes[index] === null ? [{ request, log: senders[index], index }] : [],
    )
    if (sent.length > 0) {
      const startMs = deps.clock.monotonicMs()
      const results = await redisLog.tryAppend(sent.map(({ request }) => request))
      const hasStalled = deps.clock.monotonicMs() - startMs > stalledMs
      const doubtful = sent.flatMap(({ request, log, index }, at) => {
        const result = results[at] ?? 'unknown'
        if (result !== 'appended') return [{ request, log, index, result }]
        outcomes[index] = concludeAppended(log, request)
        return []
      })
      await Promise.all(
        doubtful.map(async ({ request, log, index, result }) => {
          outcomes[index] = await concludeDoubtful(log, request, result, hasStalled)
        }),
      )
    }
    return outcomes.map((outcome) => outcome ?? 'refused')
  }

  /** What can be told without Redis; null: it must be asked. A second append before the first is settled is refused. */
  function appendInMemory(request: AppendRequest, log: OwnedLog | undefined): AppendOutcome | null {
    if (!log) return null
    if (log.isSending || !log.takes(request)) return 'refused'
    if (!log.isBehind && link.isUp()) {
      log.isSending = true
      return null
    }
    log.keep(request.frames)
    markBehind(log)
    showRequest(log, request)
    return 'appended'
  }

  function concludeAppended(log: OwnedLog | undefined, request: AppendRequest): AppendOutcome {
    if (log) log.isSending = false
    if (log && owned.get(request.generationId) === log) {
      log.keep(request.frames)
      log.ackedSeq = log.lastSeq
      showRequest(log, request)
    }
    return 'appended'
  }

  async function concludeDoubtful(
    log: OwnedLog | undefined,
    request: AppendRequest,
    result: Exclude<AppendResult, 'appended'>,
    hasStalled: boolean,
  ): Promise<AppendOutcome> {
    if (log) log.isSending = false
    if (!log || owned.get(request.generationId) !== log) return 'refused'
    if (result === 'superseded') {
      supersede(log)
      return 'refused'
    }
    log.keep(request.frames)
    markBehind(log)
    const isDoubtful = !deps.isOwnershipCertain()
    if (isDoubtful) await waitForCertainty()
    // Where Redis can tell, it is asked before anybody sees the frames: another owner may have taken over.
    if (result !== 'unknown' || hasStalled || isDoubtful) await lookAgain(log)
    if (owned.get(request.generationId) !== log) return 'refused'
    showRequest(log, request)
    return 'appended'
  }

  async function lookAgain(log: OwnedLog): Promise<void> {
    for (let look = 0; look < maxLooks && log.isBehind && owned.has(log.generationId); look++) await recovery.tryNow()
  }

  function showRequest(log: OwnedLog, { expectedLastSeq, frames }: AppendRequest): void {
    log.show({ afterSeq: expectedLastSeq, frames })
  }

  async function expire(generationId: string, ttlMs: number): Promise<void> {
    release(generationId)
    await redisLog.expireAfter(generationId, ttlMs).catch((error: unknown) => {
      logger.debug({ err: error, generationId }, 'log keeps the life it had')
    })
  }

  /** Frames from Redis up to where memory goes on. */
  async function readOwned(log: OwnedLog, afterSeq: number): Promise<LogFrame[] | null> {
    const held = log.readHeld(afterSeq)
    if (held || afterSeq > log.lastSeq || log.isBehind || !link.isUp()) return held
    const read = await redisLog.store.read(log.generationId, afterSeq).catch(() => null)
    const rest = read && log.readHeld(afterSeq + read.frames.length)
    return rest ? [...read.frames, ...rest] : null
  }

  async function renew(generationIds: readonly string[]): Promise<void> {
    const silent: OwnedLog[] = []
    for (const id of generationIds) {
      const log = owned.get(id)
      if (!log || log.isBehind || log.isSending) continue
      if (!log.isActive) silent.push(log)
      log.isActive = false
    }
    try {
      await redisLog.renew(generationIds)
      const states = await redisLog.store.findStates(silent.map((log) => log.generationId))
      silent.forEach((log, index) => compare(log, states[index] ?? null))
    } catch (error) {
      logger.debug({ err: error }, 'logs could not be renewed')
    }
  }

  /** An owner with nothing to say would otherwise not learn that its log is gone, or has another owner. */
  function compare(log: OwnedLog, state: LogState | null): void {
    if (state && state.fence > log.fence) supersede(log)
    else if (!log.isActive && !log.isSending && state?.lastSeq !== log.ackedSeq) markBehind(log)
  }

  async function trim(places: readonly LogPlace[]): Promise<void> {
    const large: LogPlace[] = []
    for (const place of places) {
      const log = owned.get(place.generationId)
      log?.forget(place.seq)
      if (log?.takesTrim()) large.push(place)
    }
    await redisLog.trim(large).catch((error: unknown) => logger.debug({ err: error }, 'logs could not be trimmed'))
  }

  return {
    append,
    renew,
    trim,
    async open(generationId, fence, baseSeq) {
      if (owned.has(generationId)) return false
      // Before the first await: who subscribes right after the start must find it.
      const log = own(generationId, fence, baseSeq)
      if (!link.isUp()) {
        markBehind(log)
        return true
      }
      try {
        if (await redisLog.open(generationId, fence, baseSeq)) return true
        giveUp(log)
        return false
      } catch {
        markBehind(log)
        return true
      }
    },
    async restart(generationId, fence, expectedLastSeq, baseSeq) {
      const outcome = await redisLog.restart(generationId, fence, expectedLastSeq, baseSeq)
      if (outcome === 'appended') {
        release(generationId)
        own(generationId, fence, baseSeq)
      }
      return outcome
    },
    async seal(generationId, fence) {
      const lastSeq = await redisLog.seal(generationId, fence)
      if (lastSeq !== null) own(generationId, fence, lastSeq)
      return lastSeq
    },
    async findState(generationId) {
      const log = owned.get(generationId)
      if (!log) return redisLog.findState(generationId)
      if (log.isBehind || !link.isUp()) return log.toState()
      return redisLog.findState(generationId).catch(() => log.toState())
    },
    async read(generationId, afterSeq) {
      const log = owned.get(generationId)
      return log ? readOwned(log, afterSeq) : redisLog.read(generationId, afterSeq)
    },
    async subscribe(generationId, afterSeq, viewer) {
      const log = owned.get(generationId)
      if (!log) return redisLog.subscribe(generationId, afterSeq, viewer)
      const frames = await readOwned(log, afterSeq)
      // Appends may have come while that was awaited. From here to the seat all is one synchronous block.
      const rest = frames && log.readHeld(afterSeq + frames.length)
      if (!rest) return null
      const seat = new LogSeat(viewer, afterSeq)
      const outcome = seat.offer({ afterSeq, frames: [...frames, ...rest] })
      if (outcome === 'at-end' || log.isClosed) seat.end('ended')
      else if (owned.get(generationId) === log) log.seat(seat)
      else handOn(log, seat)
      return () => seat.leave()
    },
    async expireAfter(generationId, ttlMs) {
      const log = owned.get(generationId)
      if (!log?.isBehind) return expire(generationId, ttlMs)
      log.ttlMs = ttlMs
      // If Redis stays away, nothing is held for ever.
      deps.clock.setTimer(ttlMs, () => {
        if (owned.get(generationId) === log) giveUp(log)
      })
    },
    isBehind: (generationId) => owned.get(generationId)?.isBehind === true,
    isAway: () => !link.isUp(),
    isDegraded: () => !link.isUp() || [...owned.values()].some((log) => log.isBehind),
    release,
    async close() {
      isClosed = true
      recovery.close()
      for (const log of owned.values()) for (const seat of [...log.seats]) log.endSeat(seat)
      owned.clear()
      await redisLog.close()
    },
  }
}
