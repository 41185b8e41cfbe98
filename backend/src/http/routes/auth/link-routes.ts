import Type from 'typebox'
import { MeSchema } from '@llmchat/protocol/api/auth-schema'
import {
  AcceptInvitationRequestSchema,
  LinkRequestSchema,
  LinkSchema,
  ResetPasswordRequestSchema,
} from '@llmchat/protocol/api/identity-schema'
import type { HttpApp } from '../../app-types.ts'
import { anyone } from '../../policies/anyone.ts'
import { assertPasswordSignIn } from './assert-password-sign-in.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'
import { startLoginSession } from './start-login-session.ts'

const security: [] = []
const config = { policy: anyone }

/** What the holder of a one-time link may do. Belongs into a scope with `requireVisitToken`. */
export function addLinkRoutes(app: HttpApp, deps: AuthRouteDeps): void {
  app.post(
    '/api/auth/link',
    {
      config,
      schema: {
        security,
        summary: 'What a one-time link is for',
        body: LinkRequestSchema,
        response: { 200: LinkSchema },
      },
    },
    async (request) => deps.users.getLink(request.body.token),
  )

  app.post(
    '/api/auth/password-reset',
    {
      config,
      schema: {
        security,
        summary: 'Set a new password by link; ends all login sessions',
        body: ResetPasswordRequestSchema,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { token, password } = request.body
      const { email } = await deps.users.getLink(token)
      const user = await deps.signInGate.enter(request, { email, account: `link ${email}` }, () =>
        deps.users.resetPassword(token, password),
      )
      const target = { kind: 'user', id: user.id }
      await deps.acts.record(request, { action: 'password.reset', target, actorId: user.id })
      // Not signed in: the second step, where there is one, is still to come.
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/auth/invitation',
    {
      config,
      schema: {
        security,
        summary: 'Accept an invitation: makes the account and signs in',
        body: AcceptInvitationRequestSchema,
        response: { 200: MeSchema },
      },
    },
    async (request, reply) => {
      const { token, password, name = null } = request.body
      const { email } = await deps.users.getLink(token)
      assertPasswordSignIn(deps.config.signIn, { email, role: 'member' })
      const user = await deps.signInGate.enter(request, { email, account: `link ${email}` }, () =>
        deps.users.acceptInvitation(token, { password, name }),
      )
      const target = { kind: 'user', id: user.id }
      await deps.acts.record(request, { action: 'invitation.accepted', target, actorId: user.id })
      return startLoginSession(deps, request, reply, { user, isPersistent: false })
    },
  )
}
