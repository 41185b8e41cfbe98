import { LoginSessionSummaryListSchema } from '@llmchat/protocol/api/admin-schema'
import { ApiKeyListSchema } from '@llmchat/protocol/api/auth-schema'
import Type from 'typebox'
import { AppError } from '../../../base/app-error.ts'
import type { ApiKeys } from '../../../users/api-keys.ts'
import type { HttpApp } from '../../app-types.ts'
import type { ActWriter } from '../../audit/create-act-writer.ts'
import { mayAdminister, mayOperate, mayReadAdminLists } from '../../policies/roles.ts'
import type { Administration } from './admin-deps.ts'

type CredentialRouteDeps = Pick<Administration, 'people'> & {
  acts: ActWriter
  users: Pick<ApiKeys, 'listApiKeys' | 'revokeApiKey'>
}

const id = Type.String({ minLength: 1, maxLength: 64 })
const params = Type.Object({ userId: id })

/** How a person gets in: seen and ended by others, never made by them. */
export function addUserCredentialRoutes(app: HttpApp, deps: CredentialRouteDeps): void {
  const { people, users, acts } = deps
  app.get(
    '/api/admin/users/:userId/login-sessions',
    {
      config: { policy: mayReadAdminLists },
      schema: { summary: "List a person's login sessions", params, response: { 200: LoginSessionSummaryListSchema } },
    },
    async (request) => ({ loginSessions: await people.listLoginSessions(request.params.userId) }),
  )

  app.delete(
    '/api/admin/users/:userId/login-sessions',
    {
      config: { policy: mayOperate },
      schema: { summary: 'Sign a person out everywhere', params, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { userId } = request.params
      const act = { action: 'login-sessions.revoked', target: { kind: 'user', id: userId } } as const
      await people.revokeLoginSessions(userId, null, (trx, sessions) =>
        acts.alongside(request, { ...act, details: { sessions } })(trx, undefined),
      )
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/admin/users/:userId/login-sessions/:loginSessionId',
    {
      config: { policy: mayOperate },
      schema: {
        summary: 'End one login session of a person',
        params: Type.Object({ userId: id, loginSessionId: id }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { userId, loginSessionId } = request.params
      const target = { kind: 'login-session', id: loginSessionId }
      const act = { action: 'login-session.revoked', target, details: { userId } } as const
      await people.revokeLoginSessions(userId, loginSessionId, acts.alongside(request, act))
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/admin/users/:userId/totp',
    {
      config: { policy: mayAdminister },
      schema: {
        summary: 'Switch two-step sign-in off for a person who has lost it, and sign them out everywhere',
        params,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { userId } = request.params
      const act = { action: 'totp.removed', target: { kind: 'user', id: userId } } as const
      await acts.orFailure(request, act, async () => {
        // One's own asks for the password: a browser left open must not be enough.
        if (userId === request.user.id) {
          throw new AppError('conflict', { message: 'Switch your own off in the settings, with your password.' })
        }
        await people.removeSecondFactor(userId, acts.alongside(request, act))
      })
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/admin/users/:userId/api-keys',
    {
      config: { policy: mayReadAdminLists },
      schema: { summary: "List a person's API keys", params, response: { 200: ApiKeyListSchema } },
    },
    async (request) => {
      await people.getUser(request.params.userId)
      return { apiKeys: await users.listApiKeys(request.params.userId) }
    },
  )

  app.delete(
    '/api/admin/users/:userId/api-keys/:apiKeyId',
    {
      config: { policy: mayAdminister },
      schema: {
        summary: 'Revoke an API key of a person',
        params: Type.Object({ userId: id, apiKeyId: id }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { userId, apiKeyId } = request.params
      const act = { action: 'api-key.revoked', target: { kind: 'api-key', id: apiKeyId }, details: { userId } } as const
      await users.revokeApiKey(userId, apiKeyId, acts.alongside(request, act))
      return reply.code(204).send(null)
    },
  )
}
