import type { Clock } from './base/clock.ts'
import type { Logger } from './base/logger.ts'
import type { Config } from './config/config.ts'
import { openBell, silentBell, type Bell } from './instances/open-bell.ts'
import { openRedisLink } from './redis/open-redis-link.ts'
import type { RedisLink } from './redis/redis-link.ts'
import { openMemoryStreamLog } from './stream-log/memory-stream-log.ts'
import { openOwnerTail } from './stream-log/owner-tail.ts'
import { openRedisStreamLog } from './stream-log/redis-stream-log.ts'
import type { StreamLog } from './stream-log/stream-log.ts'

interface SharedStateDeps {
  clock: Clock
  logger: Logger
  isOwnershipCertain: () => boolean
}

/** What instances share through Redis, or what one instance alone keeps in its own memory. */
export interface SharedState {
  streamLog: StreamLog
  bell: Bell
  /** Null: this is the only instance. */
  redis: RedisLink | null
  close(): Promise<void>
}

/** An owner renews its logs at every beat; this is how long they survive it. */
const activeTtlMs = 15 * 60_000
const checkEveryMs = 1_000

/** Picks once: nothing behind it asks whether there is a Redis. */
export function openSharedState(config: Pick<Config, 'redisUrl' | 'generation'>, deps: SharedStateDeps): SharedState {
  if (config.redisUrl === null) {
    return { streamLog: openMemoryStreamLog(deps), bell: silentBell, redis: null, close: () => Promise.resolve() }
  }
  const link = openRedisLink({ url: config.redisUrl }, deps)
  const logOptions = { activeTtlMs, checkEveryMs, tickMs: config.generation.flushMs }
  const redisLog = openRedisStreamLog(logOptions, { ...deps, link })
  const streamLog = openOwnerTail({ ...deps, link, redisLog })
  return { streamLog, bell: openBell({ link, logger: deps.logger }), redis: link, close: () => link.close() }
}
