import type { FastifyRequest } from 'fastify'
import { AppError } from '../../base/app-error.ts'
import type { UsersDoor } from '../../users/create-users-door.ts'
import type { HttpApp, Requester } from '../app-types.ts'
import type { CheckRate } from '../limits/create-rate-check.ts'
import { toCookieName } from '../cookies.ts'
import { findBearerToken } from '../find-bearer-token.ts'

export type AuthenticationDeps = Pick<UsersDoor, 'findLoginSession' | 'findApiKey'>

/** Who sent this request, by cookie or API key; null: nobody we know. Errors: `ambiguous_credentials` for both. */
export type FindRequester = (request: FastifyRequest) => Promise<Requester | null>

export function createFindRequester(deps: AuthenticationDeps, options: { publicOrigin: string | null }): FindRequester {
  return async (request) => {
    const cookie = request.cookies[toCookieName('session', request, options.publicOrigin)]
    const key = findBearerToken(request)
    if (cookie !== undefined && key !== null) throw new AppError('ambiguous_credentials')
    if (key !== null) {
      const apiKey = await deps.findApiKey(key)
      return apiKey && { user: apiKey.user, loginSessionId: null, isPersistent: false, apiKey }
    }
    if (cookie === undefined) return null
    const loginSession = await deps.findLoginSession(cookie)
    if (loginSession === null) return null
    const { id: loginSessionId, user, isPersistent } = loginSession
    return { user, loginSessionId, isPersistent, apiKey: null }
  }
}

/** Once, on the root: what the scopes fill in. */
export function decorateRequester(app: HttpApp): void {
  app.decorateRequest('requester', null)
  app.decorateRequest('user', {
    getter(this: FastifyRequest) {
      if (!this.requester) throw new AppError('unauthenticated')
      return this.requester.user
    },
  })
}

/**
 * Every route of this scope needs a known requester, and its replies belong to that person alone. Who is nobody is
 * counted, too, before they are told.
 */
export function requireRequester(app: HttpApp, findRequester: FindRequester, checkRate: CheckRate): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    request.requester = await findRequester(request)
    await checkRate(request, reply)
    if (!request.requester) throw new AppError('unauthenticated')
  })
}
