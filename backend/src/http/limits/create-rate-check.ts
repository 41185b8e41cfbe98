import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpApp } from '../app-types.ts'
import { refuseExceeded } from './refuse-exceeded.ts'

/** Counts the request, tells the budget in `RateLimit-*` headers; throws `rate_limited` with the time to wait. */
export type CheckRate = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

const minuteMs = 60_000

/** By API key where that has a limit of its own, by user where one is known, else by address. Null: no limit. */
export function createRateCheck(app: HttpApp, requestsPerMinute: number | null): CheckRate {
  const toLimit = (request: FastifyRequest): number | null =>
    request.requester?.apiKey?.rateLimitPerMinute ?? requestsPerMinute
  const check = app.createRateLimit({
    max: (request) => toLimit(request) ?? Infinity,
    timeWindow: minuteMs,
    keyGenerator: toRateKey,
  })
  return async (request, reply) => {
    if (toLimit(request) === null) return
    const result = await check(request)
    if (result.isAllowed) return
    reply.header('ratelimit-limit', result.max)
    reply.header('ratelimit-remaining', result.remaining)
    reply.header('ratelimit-reset', result.ttlInSeconds)
    refuseExceeded(result)
  }
}

function toRateKey(request: FastifyRequest): string {
  const { requester } = request
  if (requester === null) return `address:${normalizeIP(request.ip)}`
  const { apiKey, user } = requester
  return apiKey !== null && apiKey.rateLimitPerMinute !== null ? `key:${apiKey.id}` : `user:${user.id}`
}
