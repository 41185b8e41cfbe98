import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Me } from '@llmchat/protocol/api/auth-schema'
import type { User } from '../../../users/user.ts'
import { createCsrfToken, csrfCookieName } from '../../plugins/add-csrf-protection.ts'
import { loginCookieName } from '../../plugins/authenticate.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'

export interface CookieOptions {
  path: string
  sameSite: 'lax'
  secure: boolean
}

/** Secure wherever people come by https, be it that a proxy in front ends it. */
export function toCookieOptions(request: FastifyRequest, publicOrigin: string | null): CookieOptions {
  const isHttps = publicOrigin === null ? request.protocol === 'https' : publicOrigin.startsWith('https:')
  return { path: '/', sameSite: 'lax', secure: isHttps }
}

/**
 * Signs a person in: a new login session with a new token (one that was put into the browser beforehand is worth
 * nothing), the old one of this browser ended. `isPersistent`: the cookies outlive the browser window.
 */
export async function startLoginSession(
  deps: Pick<AuthRouteDeps, 'users' | 'publicOrigin'>,
  request: FastifyRequest,
  reply: FastifyReply,
  login: { user: User; isPersistent: boolean },
): Promise<Me> {
  const oldToken = request.cookies[loginCookieName]
  if (oldToken !== undefined) await deps.users.endLoginSession(oldToken)
  const loginSession = await deps.users.openLoginSession(login.user.id)
  const options = {
    ...toCookieOptions(request, deps.publicOrigin),
    ...(login.isPersistent ? { expires: loginSession.expiresAt } : {}),
  }
  const csrfToken = createCsrfToken(request, reply, loginSession.id)
  reply.setCookie(loginCookieName, loginSession.token, { ...options, httpOnly: true })
  reply.setCookie(csrfCookieName, csrfToken, options)
  return { user: login.user, csrfToken }
}
