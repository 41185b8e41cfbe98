import { createHash } from 'node:crypto'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import type { HttpApp } from '../app-types.ts'
import { refuseExceeded } from './refuse-exceeded.ts'

const minuteMs = 60_000

/** An office behind one address signs in at the same time; a list of stolen passwords does not stay below this. */
const addressFactor = 20

/** Counts an attempt; throws `rate_limited` with the time to wait. */
export type CheckLoginLimit = (request: FastifyRequest, email: string) => Promise<void>

/** Always on: `attemptsPerMinute` for one address and e-mail, 20 times that for one address whatever the e-mail. */
export function createLoginLimit(app: HttpApp, attemptsPerMinute: number): CheckLoginLimit {
  const accounts = new WeakMap<FastifyRequest, string>()
  const checkAddress = app.createRateLimit({
    max: attemptsPerMinute * addressFactor,
    timeWindow: minuteMs,
    keyGenerator: (request) => `login-address:${normalizeIP(request.ip)}`,
  })
  const checkAccount = app.createRateLimit({
    max: attemptsPerMinute,
    timeWindow: minuteMs,
    keyGenerator: (request) => `login-account:${normalizeIP(request.ip)} ${accounts.get(request) ?? ''}`,
  })
  return async (request, email) => {
    // Addresses of people have no business in Redis.
    accounts.set(request, createHash('sha256').update(email.toLowerCase()).digest('hex'))
    for (const check of [checkAddress, checkAccount]) refuseExceeded(await check(request))
  }
}
