import Type from 'typebox'
import {
  ApiKeyListSchema,
  CreateApiKeyRequestSchema,
  CreatedApiKeySchema,
  MeSchema,
} from '@llmchat/protocol/api/auth-schema'
import { ClientIdSchema } from '@llmchat/protocol/api/common-schema'
import type { HttpApp } from '../../app-types.ts'
import { toCookieName, toCookieOptions } from '../../cookies.ts'
import { createCsrfToken, csrfCookieName } from '../../plugins/add-csrf-protection.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'
import { clearLoginCookies } from './start-login-session.ts'

export function addAccountRoutes(app: HttpApp, deps: AuthRouteDeps): void {
  app.get('/api/auth/me', { schema: { summary: 'Who am I?', response: { 200: MeSchema } } }, (request, reply) => {
    const loginSessionId = request.requester?.loginSessionId ?? null
    // A program with an API key needs none.
    if (loginSessionId === null) return { user: request.user, csrfToken: '' }
    const csrfToken = createCsrfToken(request, reply, loginSessionId)
    reply.setCookie(csrfCookieName, csrfToken, toCookieOptions(request, deps.publicOrigin))
    return { user: request.user, csrfToken }
  })

  app.post(
    '/api/auth/logout',
    { schema: { summary: 'Sign out', response: { 204: Type.Null() } } },
    async (request, reply) => {
      const token = request.cookies[toCookieName('session', request, deps.publicOrigin)]
      if (token !== undefined) await deps.users.endLoginSession(token)
      clearLoginCookies(deps, request, reply)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/auth/api-keys',
    { schema: { summary: 'List my API keys', response: { 200: ApiKeyListSchema } } },
    async (request) => ({ apiKeys: await deps.users.listApiKeys(request.user.id) }),
  )

  app.post(
    '/api/auth/api-keys',
    {
      schema: {
        summary: 'Make an API key; its secret is shown this once',
        body: CreateApiKeyRequestSchema,
        response: { 201: CreatedApiKeySchema },
      },
    },
    async (request, reply) => reply.code(201).send(await deps.users.createApiKey(request.user.id, request.body.name)),
  )

  app.delete(
    '/api/auth/api-keys/:apiKeyId',
    {
      schema: {
        summary: 'Revoke an API key',
        params: Type.Object({ apiKeyId: ClientIdSchema }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deps.users.revokeApiKey(request.user.id, request.params.apiKeyId)
      return reply.code(204).send(null)
    },
  )
}
