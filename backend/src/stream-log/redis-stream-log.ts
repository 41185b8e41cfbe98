import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { RedisLink } from '../redis/redis-link.ts'
import { createAppendGatherer } from './gather-appends.ts'
import { LogSeat } from './log-seat.ts'
import { openRedisLogReader, type RedisLogReader } from './open-redis-log-reader.ts'
import {
  createRedisLogStore,
  type AppendResult,
  type RedisLogStore,
  type RedisLogStoreOptions,
} from './redis-log-store.ts'
import type { AppendRequest, StreamLog } from './stream-log.ts'

/** The log that all instances share. Rejects with `overloaded` when Redis does not answer; see the owner tail for that. */
export interface RedisStreamLog extends StreamLog {
  readonly store: RedisLogStore
  readonly reader: RedisLogReader
  /** As `append`, but with the reason, and never rejecting. */
  tryAppend(requests: readonly AppendRequest[]): Promise<AppendResult[]>
}

interface RedisLogOptions extends RedisLogStoreOptions {
  /** How often silent logs are looked at for lost messages and expiry. */
  checkEveryMs: number
  /** Appends that come within this time of the last script call wait for the next. */
  tickMs: number
}

export function openRedisStreamLog(
  options: RedisLogOptions,
  deps: { clock: Clock; logger: Logger; link: RedisLink },
): RedisStreamLog {
  const logger = deps.logger.child({ room: 'stream-log' })
  const store = createRedisLogStore(deps.link, options)
  const reader = openRedisLogReader({ ...deps, logger, store, checkEveryMs: options.checkEveryMs })
  const { clock } = deps
  const { tickMs } = options
  const tryAppend = createAppendGatherer({ clock, tickMs, append: (requests) => store.append(requests) })

  return {
    store,
    reader,
    tryAppend,
    open: (generationId, fence, baseSeq) => store.open(generationId, fence, baseSeq).catch(toAway),
    async append(requests) {
      const results = await tryAppend(requests)
      if (results.includes('unknown')) throw toAwayError()
      return results.map((result) => (result === 'appended' ? 'appended' : 'refused'))
    },
    async restart(generationId, fence, expectedLastSeq, baseSeq) {
      const result = await store.restart(generationId, fence, expectedLastSeq, baseSeq).catch(toAway)
      return result === 'appended' ? 'appended' : 'refused'
    },
    seal: (generationId, fence) => store.seal(generationId, fence).catch(toAway),
    async findState(generationId) {
      const [state] = await store.findStates([generationId]).catch(toAway)
      return state ?? null
    },
    async read(generationId, afterSeq) {
      const read = await store.read(generationId, afterSeq).catch(toAway)
      return read?.frames ?? null
    },
    async subscribe(generationId, afterSeq, viewer) {
      const seat = new LogSeat(viewer, afterSeq)
      return (await reader.watch(generationId, seat).catch(toAway)) ? () => seat.leave() : null
    },
    isAway: () => !deps.link.isUp(),
    isDegraded: () => !deps.link.isUp(),
    release: () => undefined,
    renew: (generationIds) => store.renew(generationIds).catch(toAway),
    trim: (places) => store.trim(places).catch(toAway),
    expireAfter: (generationId, ttlMs) => store.expireAfter(generationId, ttlMs).catch(toAway),
    async close() {
      reader.close()
    },
  }
}

function toAway(cause: unknown): never {
  throw toAwayError(cause)
}

function toAwayError(cause?: unknown): AppError {
  return new AppError('overloaded', { message: 'The log of this answer is out of reach. Try again.', cause })
}
