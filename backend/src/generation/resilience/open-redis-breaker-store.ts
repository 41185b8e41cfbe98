import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { RedisLink } from '../../redis/redis-link.ts'
import { closedState, type BreakerState } from './breaker-rules.ts'
import { createMemoryBreakerStore, type BreakerChange, type BreakerStore } from './breaker-store.ts'

interface StoreDeps {
  redis: Pick<RedisLink, 'commands' | 'toKey' | 'isUp' | 'subscribe'>
  clock: Clock
  logger: Logger
}

// The rules live in one pure function; Redis only has to make its step atomic. Redis' clock is everybody's.
const readScript = `
  local time = redis.call('TIME')
  return { redis.call('GET', KEYS[1]) or '', time[1] * 1000 + math.floor(time[2] / 1000) }`

const swapScript = `
  local current = redis.call('GET', KEYS[1]) or ''
  local time = redis.call('TIME')
  if current == ARGV[1] then
    redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
    redis.call('PUBLISH', ARGV[4], ARGV[5] .. ' ' .. ARGV[2])
    return { 1, '', 0 }
  end
  return { 0, current, time[1] * 1000 + math.floor(time[2] / 1000) }`

const channel = 'breakers'
const maxSwaps = 200
/** An agent that was not asked for so long begins anew. */
const ttlMs = 60 * 60_000

/**
 * Shared by all instances through Redis: compare-and-set, so that a probe's lease is one everywhere. While Redis is
 * away each instance goes on alone from what it knew.
 */
export async function openRedisBreakerStore(deps: StoreDeps): Promise<BreakerStore> {
  const { redis } = deps
  const local = createMemoryBreakerStore(deps)
  const tails = new Map<string, Promise<unknown>>()
  const unsubscribe = await redis.subscribe(channel, (message) => {
    const cut = message.indexOf(' ')
    local.put(message.slice(0, cut), parseState(message.slice(cut + 1)))
  })

  async function swap<Result>(key: string, change: BreakerChange<Result>): Promise<Result> {
    const name = redis.toKey(`breaker:${key}`)
    let [current, nowMs] = (await redis.commands.eval(readScript, 1, name)) as [string, number]
    for (let tries = 0; tries < maxSwaps; tries++) {
      const before = parseState(current)
      const { state, result } = change(before, nowMs)
      if (state !== before) {
        const next = JSON.stringify(state)
        const args = [current, next, ttlMs, redis.toKey(channel), key]
        const reply = (await redis.commands.eval(swapScript, 1, name, ...args)) as [number, string, number]
        if (reply[0] !== 1) {
          ;[, current, nowMs] = reply
          continue
        }
      }
      local.put(key, state)
      return result
    }
    throw new Error('the circuit breaker changed too often')
  }

  /** One at a time per key here, so that only instances compete. */
  async function inTurn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const mine = (tails.get(key) ?? Promise.resolve()).then(work)
    const tail = mine.catch(() => undefined)
    tails.set(key, tail)
    try {
      return await mine
    } finally {
      if (tails.get(key) === tail) tails.delete(key)
    }
  }

  return {
    peek: (key) => local.peek(key),
    async update(key, change) {
      if (!redis.isUp()) return local.update(key, change)
      try {
        return await inTurn(key, () => swap(key, change))
      } catch (error) {
        deps.logger.warn({ err: error }, 'circuit breaker goes on without redis')
        return local.update(key, change)
      }
    },
    close: () => unsubscribe(),
  }
}

function parseState(text: string): BreakerState {
  return text === '' ? closedState : (JSON.parse(text) as BreakerState)
}
