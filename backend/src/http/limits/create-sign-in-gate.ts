import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import type { HashingClient, HashingGate } from '../../users/hashing-gate.ts'
import type { HttpApp } from '../app-types.ts'
import { toCookieName } from '../cookies.ts'
import { createLoginLimit } from './create-login-limit.ts'
import type { KnownDevices } from './known-device.ts'

/**
 * The way to everything that hashes a password or tries a code: first a place at the hasher, which costs nothing to
 * refuse, then the budgets, then the work.
 */
export interface SignInGate {
  /** Errors: `rate_limited`. */
  enter<Value>(request: FastifyRequest, attempt: GateAttempt, work: () => Promise<Value>): Promise<Value>
  /** The budgets alone, for what needs no hash. Errors: `rate_limited`. */
  count(request: FastifyRequest, attempt: GateAttempt): Promise<void>
}

/** `email` tells whether this device is known; `account`: see LoginAttempt, default the e-mail. */
interface GateAttempt {
  email: string
  account?: string
}

export function createSignInGate(
  app: HttpApp,
  deps: {
    users: HashingGate
    knownDevices: KnownDevices
    attemptsPerMinute: number
    publicOrigin: string | null
  },
): SignInGate {
  const checkLimit = createLoginLimit(app, deps.attemptsPerMinute)

  function findDevice(request: FastifyRequest, email: string): string | null {
    const mark = request.cookies[toCookieName('device', request, deps.publicOrigin)]
    return deps.knownDevices.findDevice(mark, email)
  }

  return {
    count: (request, { email, account = email }) =>
      checkLimit(request, { account, deviceId: findDevice(request, email) }),
    enter(request, { email, account = email }, work) {
      const deviceId = findDevice(request, email)
      const client: HashingClient =
        deviceId === null
          ? { key: `address:${normalizeIP(request.ip)}`, isKnownDevice: false }
          : { key: `device:${deviceId}`, isKnownDevice: true }
      return deps.users.admit(client, { check: () => checkLimit(request, { account, deviceId }), work })
    },
  }
}
