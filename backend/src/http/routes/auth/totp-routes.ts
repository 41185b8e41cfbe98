import type { AuditAction } from '@llmchat/protocol/api/audit-schema'
import { MeSchema } from '@llmchat/protocol/api/auth-schema'
import {
  ConfirmTotpRequestSchema,
  PasswordProofSchema,
  RecoveryCodesSchema,
  TotpEnrolmentSchema,
  TotpStateSchema,
} from '@llmchat/protocol/api/identity-schema'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Me } from '@llmchat/protocol/api/auth-schema'
import type { HttpApp } from '../../app-types.ts'
import { isInBrowser } from '../../policies/is-in-browser.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'
import { startLoginSession } from './start-login-session.ts'

const config = { policy: isInBrowser }

/** Two-step sign-in. Whatever weakens or shows it asks for the password again. */
export function addTotpRoutes(app: HttpApp, deps: AuthRouteDeps): void {
  async function provePassword(request: FastifyRequest, password: string): Promise<void> {
    await deps.signInGate.enter(request, request.user, () => deps.users.assertPassword(request.user.id, password))
  }

  function record(request: FastifyRequest, action: AuditAction): Promise<void> {
    return deps.acts.record(request, { action, target: { kind: 'user', id: request.user.id } })
  }

  /** What a sign-in needs has changed: the others sign in anew, this browser goes on with a new token. */
  async function renewLogin(request: FastifyRequest, reply: FastifyReply): Promise<Me> {
    const { user } = request
    await deps.users.endLoginSessionsOf(user.id)
    const isPersistent = request.requester?.isPersistent ?? false
    return startLoginSession(deps, request, reply, { user, isPersistent })
  }

  app.get(
    '/api/auth/totp',
    { config, schema: { summary: 'Is two-step sign-in on?', response: { 200: TotpStateSchema } } },
    async (request) => deps.users.getTotpState(request.user.id),
  )

  app.post(
    '/api/auth/totp',
    {
      config,
      schema: {
        summary: 'Begin two-step sign-in; shows the secret for an authenticator app',
        body: PasswordProofSchema,
        response: { 200: TotpEnrolmentSchema },
      },
    },
    async (request) => {
      await provePassword(request, request.body.password)
      return deps.users.beginTotp(request.user)
    },
  )

  app.post(
    '/api/auth/totp/confirm',
    {
      config,
      schema: {
        summary: 'Switch two-step sign-in on; shows the recovery codes this once',
        body: ConfirmTotpRequestSchema,
        response: { 200: RecoveryCodesSchema },
      },
    },
    async (request, reply) => {
      const { user } = request
      await deps.signInGate.count(request, { email: user.email, account: `code ${user.email}` })
      const recoveryCodes = await deps.users.confirmTotp(user.id, request.body.code)
      await record(request, 'totp.enabled')
      await renewLogin(request, reply)
      return { recoveryCodes }
    },
  )

  app.post(
    '/api/auth/totp/recovery-codes',
    {
      config,
      schema: {
        summary: 'New recovery codes; the old ones are void',
        body: PasswordProofSchema,
        response: { 200: RecoveryCodesSchema },
      },
    },
    async (request) => {
      await provePassword(request, request.body.password)
      const recoveryCodes = await deps.users.renewRecoveryCodes(request.user.id)
      await record(request, 'totp.recovery-codes-renewed')
      return { recoveryCodes }
    },
  )

  app.post(
    '/api/auth/totp/disable',
    {
      config,
      schema: { summary: 'Switch two-step sign-in off', body: PasswordProofSchema, response: { 200: MeSchema } },
    },
    async (request, reply) => {
      await provePassword(request, request.body.password)
      await deps.users.disableTotp(request.user.id)
      await record(request, 'totp.disabled')
      return renewLogin(request, reply)
    },
  )
}
