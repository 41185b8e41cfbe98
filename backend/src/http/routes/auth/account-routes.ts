import Type from 'typebox'
import {
  ApiKeyListSchema,
  CreateApiKeyRequestSchema,
  CreatedApiKeySchema,
  MeSchema,
} from '@llmchat/protocol/api/auth-schema'
import { ClientIdSchema } from '@llmchat/protocol/api/common-schema'
import type { HttpApp } from '../../app-types.ts'
import { toCookieName, toCookieOptions, toCsrfCookieName } from '../../cookies.ts'
import { createCsrfToken } from '../../plugins/add-csrf-protection.ts'
import { isInBrowser } from '../../policies/is-in-browser.ts'
import { isSignedIn } from '../../policies/is-signed-in.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'
import { clearLoginCookies } from './start-login-session.ts'

export function addAccountRoutes(app: HttpApp, deps: AuthRouteDeps): void {
  const whoAmI = {
    config: { policy: isSignedIn('chat', 'read', 'admin') },
    schema: { summary: 'Who am I?', response: { 200: MeSchema } },
  }
  app.get('/api/auth/me', whoAmI, (request, reply) => {
    const loginSessionId = request.requester?.loginSessionId ?? null
    // A program with an API key needs none.
    if (loginSessionId === null) return { user: request.user, csrfToken: '' }
    const csrfToken = createCsrfToken(request, reply, loginSessionId)
    reply.setCookie(
      toCsrfCookieName(request, deps.publicOrigin),
      csrfToken,
      toCookieOptions(request, deps.publicOrigin),
    )
    return { user: request.user, csrfToken }
  })

  app.post(
    '/api/auth/logout',
    { config: { policy: isInBrowser }, schema: { summary: 'Sign out', response: { 204: Type.Null() } } },
    async (request, reply) => {
      const token = request.cookies[toCookieName('session', request, deps.publicOrigin)]
      if (token !== undefined) await deps.users.endLoginSession(token)
      await deps.acts.record(request, { action: 'logout', target: { kind: 'user', id: request.user.id } })
      clearLoginCookies(deps, request, reply)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/auth/api-keys',
    {
      config: { policy: isSignedIn('read') },
      schema: { summary: 'List my API keys', response: { 200: ApiKeyListSchema } },
    },
    async (request) => ({ apiKeys: await deps.users.listApiKeys(request.user.id) }),
  )

  app.post(
    '/api/auth/api-keys',
    {
      config: { policy: isInBrowser },
      schema: {
        summary: 'Make an API key; its secret is shown this once',
        body: CreateApiKeyRequestSchema,
        response: { 201: CreatedApiKeySchema },
      },
    },
    async (request, reply) => {
      const made = await deps.users.createApiKey(request.user.id, request.body, (trx, { id, scopes }) => {
        const act = { action: 'api-key.created', target: { kind: 'api-key', id }, details: { scopes } } as const
        return deps.acts.alongside(request, act)(trx, undefined)
      })
      return reply.code(201).send(made)
    },
  )

  app.delete(
    '/api/auth/api-keys/:apiKeyId',
    {
      config: { policy: isInBrowser },
      schema: {
        summary: 'Revoke an API key',
        params: Type.Object({ apiKeyId: ClientIdSchema }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const target = { kind: 'api-key', id: request.params.apiKeyId }
      const alongside = deps.acts.alongside(request, { action: 'api-key.revoked', target })
      await deps.users.revokeApiKey(request.user.id, target.id, alongside)
      return reply.code(204).send(null)
    },
  )
}
