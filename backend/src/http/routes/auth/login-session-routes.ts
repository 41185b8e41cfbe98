import Type from 'typebox'
import { LoginSessionListSchema, LoginSessionParamsSchema } from '@llmchat/protocol/api/identity-schema'
import type { FastifyRequest } from 'fastify'
import type { HttpApp } from '../../app-types.ts'
import { isInBrowser } from '../../policies/is-in-browser.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'
import { clearLoginCookies } from './start-login-session.ts'

const config = { policy: isInBrowser }

function getOwnId(request: FastifyRequest): string {
  return request.requester?.loginSessionId ?? ''
}

/** A person's signed-in browsers. */
export function addLoginSessionRoutes(app: HttpApp, deps: AuthRouteDeps): void {
  app.get(
    '/api/auth/login-sessions',
    { config, schema: { summary: 'Where I am signed in', response: { 200: LoginSessionListSchema } } },
    async (request) => ({
      loginSessions: await deps.users.listLoginSessions(request.user.id, getOwnId(request)),
    }),
  )

  app.delete(
    '/api/auth/login-sessions/:loginSessionId',
    {
      config,
      schema: {
        summary: 'Sign one browser out',
        params: LoginSessionParamsSchema,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const ownId = getOwnId(request)
      const { loginSessionId } = request.params
      await deps.users.endLoginSessionById(request.user.id, loginSessionId)
      const target = { kind: 'login-session', id: loginSessionId }
      await deps.acts.record(request, { action: 'login-session.revoked', target })
      if (loginSessionId === ownId) clearLoginCookies(deps, request, reply)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/auth/login-sessions',
    { config, schema: { summary: 'Sign out everywhere, here too', response: { 204: Type.Null() } } },
    async (request, reply) => {
      await deps.users.endLoginSessionsOf(request.user.id)
      await deps.acts.record(request, {
        action: 'login-sessions.revoked',
        target: { kind: 'user', id: request.user.id },
      })
      clearLoginCookies(deps, request, reply)
      return reply.code(204).send(null)
    },
  )
}
