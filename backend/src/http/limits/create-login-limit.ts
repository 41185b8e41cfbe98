import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import type { HttpApp } from '../app-types.ts'
import { toAccountKey } from './known-device.ts'
import { refuseExceeded } from './refuse-exceeded.ts'

const minuteMs = 60_000
const hourMs = 3_600_000

/** An office behind one address signs in at the same time; a list of stolen passwords does not stay below this. */
const addressFactor = 20
/** Of one account by strangers, per hour, wherever they come from: a botnet has an address for every attempt. */
const accountFactor = 10

export interface LoginAttempt {
  /** The e-mail, or what else stands for the account. Only its hash goes to Redis. */
  account: string
  /** Of a known device, else null. */
  deviceId: string | null
}

/** Counts an attempt; throws `rate_limited` with the time to wait. */
export type CheckLoginLimit = (request: FastifyRequest, attempt: LoginAttempt) => Promise<void>

/**
 * Always on. A device that has signed in to the account before has a budget of its own, so nobody can lock its person
 * out: `attemptsPerMinute`. Strangers: the same for one address and account, 20 times that for one address whatever the
 * account, and 10 times that per hour for one account whatever the address.
 */
export function createLoginLimit(app: HttpApp, attemptsPerMinute: number): CheckLoginLimit {
  const attempts = new WeakMap<FastifyRequest, LoginAttempt>()
  const toAccount = (request: FastifyRequest): string => toAccountKey(attempts.get(request)?.account ?? '')
  const toAddress = (request: FastifyRequest): string => normalizeIP(request.ip)
  const createCheck = (max: number, timeWindow: number, keyGenerator: (request: FastifyRequest) => string) =>
    app.createRateLimit({ max, timeWindow, keyGenerator })

  const deviceCheck = createCheck(
    attemptsPerMinute,
    minuteMs,
    (request) => `login-device:${attempts.get(request)?.deviceId ?? ''} ${toAccount(request)}`,
  )
  const strangerChecks = [
    createCheck(attemptsPerMinute * addressFactor, minuteMs, (request) => `login-address:${toAddress(request)}`),
    createCheck(attemptsPerMinute, minuteMs, (request) => `login-account:${toAddress(request)} ${toAccount(request)}`),
    createCheck(attemptsPerMinute * accountFactor, hourMs, (request) => `login-strangers:${toAccount(request)}`),
  ]

  return async (request, attempt) => {
    attempts.set(request, attempt)
    // One after the other: who is refused by the first does not use up the others.
    for (const check of attempt.deviceId === null ? strangerChecks : [deviceCheck]) {
      refuseExceeded(await check(request))
    }
  }
}
