import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../../base/app-error.ts'
import type { HttpApp } from '../app-types.ts'

const minuteMs = 60_000

/** An office behind one address signs in at the same time; a list of stolen passwords does not stay below this. */
const addressFactor = 20

/** Counts an attempt; throws `rate_limited` with the time to wait. */
export type CheckLoginLimit = (request: FastifyRequest, email: string) => Promise<void>

/**
 * Always on: `attemptsPerMinute` for one address and e-mail, 20 times that for one address whatever the e-mail. In
 * process: a cluster allows as many times more as it has instances, which argon2's cost makes harmless.
 */
export function createLoginLimit(app: HttpApp, attemptsPerMinute: number): CheckLoginLimit {
  const emails = new WeakMap<FastifyRequest, string>()
  const checkAddress = app.createRateLimit({ max: attemptsPerMinute * addressFactor, timeWindow: minuteMs })
  const checkAccount = app.createRateLimit({
    max: attemptsPerMinute,
    timeWindow: minuteMs,
    keyGenerator: (request) => `${normalizeIP(request.ip)} ${emails.get(request) ?? ''}`,
  })
  return async (request, email) => {
    emails.set(request, email.toLowerCase())
    for (const check of [checkAddress, checkAccount]) refuseExceeded(await check(request))
  }
}

type LimitResult = Awaited<ReturnType<ReturnType<HttpApp['createRateLimit']>>>

export function refuseExceeded(result: LimitResult): void {
  if (!result.isAllowed && result.isExceeded) throw new AppError('rate_limited', { retryAfterMs: result.ttl })
}
