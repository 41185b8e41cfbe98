import { LRUCache } from 'lru-cache'
import type { Clock } from '../../base/clock.ts'
import { createRedisScript } from '../../redis/create-redis-script.ts'
import type { RedisLink } from '../../redis/redis-link.ts'

export interface RequestCount {
  /** In the running window, this one included. */
  count: number
  /** Until the window ends, ms. */
  leftMs: number
}

/** Counts by key in windows that begin with the first of it. Never rejects. */
export type CountRequest = (key: string, windowMs: number) => Promise<RequestCount>

const MAX_KEYS = 50_000
/** A Redis that hangs is noticed within two seconds; until then nobody waits longer than this for a number. */
const GIVE_UP_MS = 250

const countText = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}`

function createLocalCounter(deps: { clock: Clock }): (key: string, windowMs: number) => RequestCount {
  const windows = new LRUCache<string, { count: number; endMs: number }>({ max: MAX_KEYS })
  return (key, windowMs) => {
    const nowMs = deps.clock.monotonicMs()
    let window = windows.get(key)
    if (window === undefined || window.endMs <= nowMs) {
      window = { count: 0, endMs: nowMs + windowMs }
      windows.set(key, window)
    }
    window.count += 1
    return { count: window.count, leftMs: window.endMs - nowMs }
  }
}

/**
 * Over all instances, with one command to Redis per request. This instance's own share is counted in any case: without
 * Redis, or while it is away, that alone decides, so each instance grants the budget once and never without bound.
 */
export function createRequestCounter(deps: { clock: Clock; link: RedisLink | null }): CountRequest {
  const { clock, link } = deps
  const countHere = createLocalCounter(deps)
  if (link === null) return (key, windowMs) => Promise.resolve(countHere(key, windowMs))
  const count = createRedisScript(link, countText)

  function giveUp(): { promise: Promise<null>; cancel: () => void } {
    let cancel = (): void => undefined
    const promise = new Promise<null>((resolve) => {
      cancel = clock.setTimer(GIVE_UP_MS, () => resolve(null))
    })
    return { promise, cancel: () => cancel() }
  }

  return async (key, windowMs) => {
    const here = countHere(key, windowMs)
    if (!link.isUp()) return here
    const limit = giveUp()
    const reply = await Promise.race([count([link.toKey(`rate:${key}`)], [windowMs]).catch(() => null), limit.promise])
    limit.cancel()
    if (!Array.isArray(reply)) return here
    const shared = { count: Number(reply[0]), leftMs: Math.max(0, Number(reply[1])) }
    // A Redis that has just come back, empty or not, must not hand the budget out a second time.
    return shared.count >= here.count ? shared : here
  }
}
