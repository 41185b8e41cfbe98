import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit'
import type { CountRequest } from './create-request-counter.ts'

/**
 * What @fastify/rate-limit counts with. Its own Redis store, with `skipOnError`, is no limit at all while Redis is away
 * (measured), and without it refuses everybody.
 */
export function createLimitStore(countRequest: CountRequest): FastifyRateLimitStoreCtor {
  return class LimitStore implements FastifyRateLimitStore {
    incr: FastifyRateLimitStore['incr'] = (key, callback, windowMs) => {
      countRequest(key, windowMs).then(
        ({ count, leftMs }) => callback(null, { current: count, ttl: leftMs }),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
      )
    }

    // Every key begins with what it limits, so one store serves all.
    child(): FastifyRateLimitStore {
      return this
    }
  }
}
