import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { OidcStartQuerySchema } from '@llmchat/protocol/api/directory-schema'
import { AppError } from '../../../base/app-error.ts'
import type { DirectoryPerson } from '../../../users/directory/directory-person.ts'
import type { OidcSignIn } from '../../../users/oidc/create-oidc-sign-in.ts'
import type { User } from '../../../users/user.ts'
import type { HttpApp } from '../../app-types.ts'
import { isOwnSite } from '../../plugins/refuse-foreign-site.ts'
import { ensureVisit, findVisit } from '../../plugins/visit-token.ts'
import { anyone } from '../../policies/anyone.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'
import { enterFromDirectory } from './enter-from-directory.ts'
import { startLoginSession } from './start-login-session.ts'
import { toLocalPath } from './to-local-path.ts'

const config = { policy: anyone }
const response = { 302: Type.Null() }

/** A person sits before it: what went wrong is the sign-in page's to say. */
function toFailedPath(error: unknown): string {
  if (error instanceof AppError) return `/login?error=${error.code}`
  throw error
}

/** Browsers are sent to the company's sign-in and come back. Belongs into a scope with `requireVisitToken`. */
export function addOidcRoutes(app: HttpApp, deps: AuthRouteDeps): void {
  function getOidc(): OidcSignIn {
    if (deps.oidc === null) throw new AppError('not_found')
    return deps.oidc
  }

  async function enter(request: FastifyRequest, oidc: OidcSignIn, person: DirectoryPerson): Promise<User> {
    const act = { action: 'login.failed', details: { method: 'oidc' } } as const
    try {
      return await enterFromDirectory(deps, request, person, oidc.config)
    } catch (error) {
      if (error instanceof AppError) await deps.acts.recordFailure(request, { ...act, ...toTarget(error) }, error)
      throw error
    }
  }

  async function finish(request: FastifyRequest, reply: FastifyReply, oidc: OidcSignIn): Promise<string> {
    const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : ''
    const { person, returnTo, isPersistent } = await oidc.finish(findVisit(request, deps.publicOrigin), query)
    const user = await enter(request, oidc, person)
    await startLoginSession(deps, request, reply, { user, isPersistent })
    await deps.acts.record(request, {
      action: 'login.succeeded',
      target: { kind: 'user', id: user.id },
      actorId: user.id,
      details: { method: 'oidc' },
    })
    return returnTo
  }

  app.get(
    '/api/auth/oidc/start',
    {
      config,
      schema: {
        security: [],
        summary: 'Sign in at the company’s OpenID Connect provider; sends the browser there',
        querystring: OidcStartQuerySchema,
        response,
      },
    },
    async (request, reply) => {
      const oidc = getOidc()
      // Whoever is signed in at the provider would be signed in here by a link of somebody else: a click of their own first.
      if (!isOwnSite(request, deps.publicOrigin)) return reply.redirect('/login', 302)
      const { returnTo, isPersistent = false } = request.query
      const visit = ensureVisit(request, reply, deps.publicOrigin)
      const wish = { returnTo: toLocalPath(returnTo), isPersistent }
      return reply.redirect(await oidc.begin(visit, wish).catch(toFailedPath), 302)
    },
  )

  app.get(
    '/api/auth/oidc/callback',
    { config, schema: { security: [], summary: 'Where the provider sends the browser back to', response } },
    async (request, reply) => reply.redirect(await finish(request, reply, getOidc()).catch(toFailedPath), 302),
  )
}

/** Whose account it was, where that is known. */
function toTarget({ details }: AppError): { target?: { kind: string; id: string } } {
  const isKnown = typeof details === 'object' && details !== null && 'userId' in details
  return isKnown ? { target: { kind: 'user', id: String(details.userId) } } : {}
}
