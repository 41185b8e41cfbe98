import { systemClock } from '../../backend/src/base/clock.ts'
import { openRedisLink } from '../../backend/src/redis/open-redis-link.ts'
import type { RedisLink } from '../../backend/src/redis/redis-link.ts'
import { openOwnerTail, type OwnerTail } from '../../backend/src/stream-log/owner-tail.ts'
import { openRedisStreamLog, type RedisStreamLog } from '../../backend/src/stream-log/redis-stream-log.ts'
import { silentLogger } from './silent-logger.ts'

export interface RedisLogPlace {
  link: RedisLink
  redisLog: RedisStreamLog
  tail: OwnerTail
  close(): Promise<void>
}

/** What one instance has: a link, the shared log, and its own tail over it. Waits until Redis answers. */
export async function openRedisLog(url: string, options: { tickMs?: number } = {}): Promise<RedisLogPlace> {
  const base = { clock: systemClock, logger: silentLogger }
  const link = openRedisLink({ url }, base)
  // Looks far more often than in earnest, so that every test runs into it.
  const redisLog = openRedisStreamLog(
    { activeTtlMs: 60_000, checkEveryMs: 5, tickMs: options.tickMs ?? 1 },
    { ...base, link },
  )
  const tail = openOwnerTail({ ...base, link, redisLog, isOwnershipCertain: () => true })
  if (!link.isUp()) {
    await new Promise<void>((resolve) => {
      const stop = link.onChange(() => {
        stop()
        resolve()
      })
    })
  }
  return {
    link,
    redisLog,
    tail,
    async close() {
      await tail.close()
      await link.close()
    },
  }
}
