import type { Clock } from './base/clock.ts'
import type { Logger } from './base/logger.ts'
import { openBell, silentBell, type Bell } from './instances/open-bell.ts'
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
}

/** An owner renews its logs at every beat; this is how long they survive it. */
const activeTtlMs = 15 * 60_000
const checkEveryMs = 1_000

/** Picks once: nothing behind it asks whether there is a Redis. The link stays the caller's. */
export function openSharedState(
  link: RedisLink | null,
  options: { tickMs: number; isDisabled: (guard: 'fence' | 'seal') => boolean },
  deps: SharedStateDeps,
): SharedState {
  if (link === null) return { streamLog: openMemoryStreamLog(deps), bell: silentBell }
  const redisLog = openRedisStreamLog({ activeTtlMs, checkEveryMs, ...options }, { ...deps, link })
  const isOwnershipCertain = options.isDisabled('fence') ? () => true : deps.isOwnershipCertain
  const streamLog = openOwnerTail({ ...deps, isOwnershipCertain, link, redisLog })
  return { streamLog, bell: openBell({ link, logger: deps.logger }) }
}
