import type { AuditDetails } from '@llmchat/protocol/api/audit-schema'
import type { FastifyRequest } from 'fastify'
import { AuthStateSchema, LoginRequestSchema, MeSchema, SetUpRequestSchema } from '@llmchat/protocol/api/auth-schema'
import { SecondStepRequestSchema, SecondStepSchema } from '@llmchat/protocol/api/identity-schema'
import type { HttpApp } from '../../app-types.ts'
import { anyone } from '../../policies/anyone.ts'
import { startVisit } from '../../plugins/visit-token.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'
import { authenticateVisitor } from './authenticate-visitor.ts'
import { startLoginSession } from './start-login-session.ts'

const security: [] = []
const config = { policy: anyone }

/** Before anybody is known. Belongs into a scope with `requireVisitToken`. */
export function addSignInRoutes(app: HttpApp, deps: AuthRouteDeps): void {
  function recordLogin(request: FastifyRequest, userId: string, details: AuditDetails): Promise<void> {
    return deps.acts.record(request, {
      action: 'login.succeeded',
      target: { kind: 'user', id: userId },
      actorId: userId,
      details,
    })
  }

  app.get(
    '/api/auth/state',
    { config, schema: { security, summary: 'What a visitor may know', response: { 200: AuthStateSchema } } },
    async (request, reply) => ({
      needsSetUp: !(await deps.users.hasAdmin()),
      version: deps.version,
      csrfToken: startVisit(request, reply, deps.publicOrigin),
      oidc: deps.oidc === null ? null : { label: deps.oidc.config.label },
      isPasswordForAll: deps.config.signIn.breakGlassEmail === null || deps.ldap !== null,
    }),
  )

  app.post(
    '/api/auth/login',
    {
      config,
      schema: {
        security,
        summary: 'Sign in; 202: a code is asked for',
        body: LoginRequestSchema,
        response: { 200: MeSchema, 202: SecondStepSchema },
      },
    },
    async (request, reply) => {
      const { email, password, isPersistent = false } = request.body
      const { user, method } = await authenticateVisitor(deps, request, { email, password })
      const step = await deps.users.openSecondStep(user.id, { isPersistent })
      if (step !== null) {
        return reply.code(202).send({ ticket: step.ticket, expiresAt: step.expiresAt.toISOString() })
      }
      const me = await startLoginSession(deps, request, reply, { user, isPersistent })
      await recordLogin(request, user.id, { method })
      return reply.code(200).send(me)
    },
  )

  app.post(
    '/api/auth/login/second-step',
    {
      config,
      schema: {
        security,
        summary: 'Sign in, second step',
        body: SecondStepRequestSchema,
        response: { 200: MeSchema },
      },
    },
    async (request, reply) => {
      const { ticket, code } = request.body
      const { id, email } = await deps.users.getSecondStepUser(ticket)
      await deps.signInGate.count(request, { email, account: `code ${email}` })
      const failed = { action: 'login.failed', target: { kind: 'user', id }, details: { step: 'code' } } as const
      const passed = await deps.acts.orFailure(request, failed, () => deps.users.passSecondStep(ticket, code))
      const me = await startLoginSession(deps, request, reply, passed)
      await recordLogin(request, id, { step: passed.isRecovery ? 'recovery-code' : 'code' })
      return me
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
      const act = { action: 'set-up.completed' } as const
      const admin = { token, email, password, name }
      const user = await deps.signInGate.enter(request, { email }, () =>
        deps.acts.orFailure(request, act, () => deps.users.setUpAdmin(admin)),
      )
      await deps.acts.record(request, { ...act, target: { kind: 'user', id: user.id }, actorId: user.id })
      return startLoginSession(deps, request, reply, { user, isPersistent: false })
    },
  )
}
