import { AuthStateSchema, LoginRequestSchema, MeSchema, SetUpRequestSchema } from '@llmchat/protocol/api/auth-schema'
import { SecondStepRequestSchema, SecondStepSchema } from '@llmchat/protocol/api/identity-schema'
import { AppError } from '../../../base/app-error.ts'
import type { HttpApp } from '../../app-types.ts'
import { startVisit } from '../../plugins/visit-token.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'
import { startLoginSession } from './start-login-session.ts'

const security: [] = []

/** Before anybody is known. Belongs into a scope with `requireVisitToken`. */
export function addSignInRoutes(app: HttpApp, deps: AuthRouteDeps): void {
  app.get(
    '/api/auth/state',
    { schema: { security, summary: 'What a visitor may know', response: { 200: AuthStateSchema } } },
    async (request, reply) => ({
      needsSetUp: !(await deps.users.hasAdmin()),
      version: deps.version,
      csrfToken: startVisit(request, reply, deps.publicOrigin),
    }),
  )

  app.post(
    '/api/auth/login',
    {
      schema: {
        security,
        summary: 'Sign in; 202: a code is asked for',
        body: LoginRequestSchema,
        response: { 200: MeSchema, 202: SecondStepSchema },
      },
    },
    async (request, reply) => {
      const { email, password, isPersistent = false } = request.body
      const user = await deps.signInGate.enter(request, { email }, () =>
        deps.users.authenticatePassword(email, password).catch(async (error: unknown) => {
          if (error instanceof AppError && error.code === 'invalid_credentials') {
            await deps.audit?.({ action: 'login', outcome: 'refused', targetType: 'account', targetId: email })
          }
          throw error
        }),
      )
      const step = await deps.users.openSecondStep(user.id, { isPersistent })
      if (step !== null) {
        return reply.code(202).send({ ticket: step.ticket, expiresAt: step.expiresAt.toISOString() })
      }
      const me = await startLoginSession(deps, request, reply, { user, isPersistent })
      await deps.audit?.({ action: 'login', outcome: 'done', actorId: user.id })
      return reply.code(200).send(me)
    },
  )

  app.post(
    '/api/auth/login/second-step',
    {
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
      const passed = await deps.users.passSecondStep(ticket, code).catch(async (error: unknown) => {
        await deps.audit?.({ action: 'login.second-step', outcome: 'refused', actorId: id })
        throw error
      })
      const me = await startLoginSession(deps, request, reply, passed)
      const detail = { isRecovery: passed.isRecovery }
      await deps.audit?.({ action: 'login', outcome: 'done', actorId: id, detail })
      return me
    },
  )

  app.post(
    '/api/auth/set-up',
    {
      schema: {
        security,
        summary: 'Make the first admin',
        body: SetUpRequestSchema,
        response: { 200: MeSchema },
      },
    },
    async (request, reply) => {
      const { token, email, password, name = email } = request.body
      const admin = { token, email, password, name }
      const user = await deps.signInGate.enter(request, { email }, () => deps.users.setUpAdmin(admin))
      return startLoginSession(deps, request, reply, { user, isPersistent: false })
    },
  )
}
