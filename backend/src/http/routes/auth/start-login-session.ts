import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Me } from '@llmchat/protocol/api/auth-schema'
import type { User } from '../../../users/user.ts'
import { toCookieName, toCookieOptions, toCsrfCookieName } from '../../cookies.ts'
import { deviceMaxAgeMs } from '../../limits/known-device.ts'
import { createCsrfToken } from '../../plugins/add-csrf-protection.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'

/**
 * Signs a person in: a new login session with a new token (one that was put into the browser beforehand is worth
 * nothing), the old one of this browser ended. `isPersistent`: the cookies outlive the browser window.
 */
export async function startLoginSession(
  deps: Pick<AuthRouteDeps, 'users' | 'publicOrigin' | 'knownDevices'>,
  request: FastifyRequest,
  reply: FastifyReply,
  login: { user: User; isPersistent: boolean },
): Promise<Me> {
  const { user, isPersistent } = login
  const toName = (purpose: 'session' | 'device'): string => toCookieName(purpose, request, deps.publicOrigin)
  const oldToken = request.cookies[toName('session')]
  if (oldToken !== undefined) await deps.users.endLoginSession(oldToken)
  const loginSession = await deps.users.openLoginSession(user.id, {
    userAgent: request.headers['user-agent'] ?? '',
    address: request.ip,
    isPersistent,
  })
  const base = toCookieOptions(request, deps.publicOrigin)
  const options = { ...base, ...(isPersistent ? { expires: loginSession.expiresAt } : {}) }
  const csrfToken = createCsrfToken(request, reply, loginSession.id)
  reply.setCookie(toName('session'), loginSession.token, { ...options, httpOnly: true })
  reply.setCookie(toCsrfCookieName(request, deps.publicOrigin), csrfToken, options)
  reply.setCookie(toName('device'), deps.knownDevices.createMark(user.email), {
    ...base,
    httpOnly: true,
    maxAge: deviceMaxAgeMs / 1000,
  })
  return { user, csrfToken }
}

/** Takes the cookies of a login session that has ended out of the browser. */
export function clearLoginCookies(
  deps: Pick<AuthRouteDeps, 'publicOrigin'>,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const options = toCookieOptions(request, deps.publicOrigin)
  reply.clearCookie(toCookieName('session', request, deps.publicOrigin), { ...options, httpOnly: true })
  reply.clearCookie(toCsrfCookieName(request, deps.publicOrigin), options)
}
