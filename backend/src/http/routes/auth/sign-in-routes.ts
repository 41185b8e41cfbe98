import { AuthStateSchema, LoginRequestSchema, MeSchema, SetUpRequestSchema } from '@llmchat/protocol/api/auth-schema'
import type { HttpApp } from '../../app-types.ts'
import { auditLogin } from '../../audit/audit-login.ts'
import { createLoginLimit } from '../../limits/create-login-limit.ts'
import { anyone } from '../../policies/anyone.ts'
import { refuseForeignSite } from '../../plugins/refuse-foreign-site.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'
import { startLoginSession } from './start-login-session.ts'

const security: [] = []
const config = { policy: anyone }

/**
 * Before anybody is known. There is no login session yet a CSRF token could be bound to; a foreign page must not sign
 * people in either (as somebody else), so the origin is checked.
 */
export function addSignInRoutes(app: HttpApp, deps: AuthRouteDeps): void {
  const checkLimit = createLoginLimit(app, deps.config.loginAttemptsPerMinute)
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('cache-control', 'no-store')
    if (request.method !== 'GET') refuseForeignSite(request, deps.publicOrigin)
    done()
  })

  app.get(
    '/api/auth/state',
    { config, schema: { security, summary: 'What a visitor may know', response: { 200: AuthStateSchema } } },
    async () => ({ needsSetUp: !(await deps.users.hasAdmin()), version: deps.version }),
  )

  app.post(
    '/api/auth/login',
    {
      config,
      schema: { security, summary: 'Sign in', body: LoginRequestSchema, response: { 200: MeSchema } },
    },
    async (request, reply) => {
      const { email, password, isPersistent = false } = request.body
      await checkLimit(request, email)
      const user = await auditLogin(deps, request, email, () => deps.users.authenticatePassword(email, password))
      return startLoginSession(deps, request, reply, { user, isPersistent })
    },
  )

  app.post(
    '/api/auth/set-up',
    {
      config,
      schema: {
        security,
        summary: 'Make the first admin',
        body: SetUpRequestSchema,
        response: { 200: MeSchema },
      },
    },
    async (request, reply) => {
      const { token, email, password, name = email } = request.body
      await checkLimit(request, email)
      const act = { action: 'set-up.completed' } as const
      const user = await deps.acts.orFailure(request, act, () =>
        deps.users.setUpAdmin({ token, email, password, name }),
      )
      await deps.acts.record(request, { ...act, target: { kind: 'user', id: user.id }, actorId: user.id })
      return startLoginSession(deps, request, reply, { user, isPersistent: false })
    },
  )
}
