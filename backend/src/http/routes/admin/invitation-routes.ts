import Type from 'typebox'
import type { FastifyRequest } from 'fastify'
import {
  CreatedInvitationSchema,
  CreatedLinkSchema,
  CreateInvitationRequestSchema,
  InvitationListSchema,
} from '@llmchat/protocol/api/identity-schema'
import { ClientIdSchema } from '@llmchat/protocol/api/common-schema'
import type { HttpApp } from '../../app-types.ts'
import { mayAdminister, mayMakeLinks } from '../../policies/roles.ts'
import { toLinkUrl } from '../../../users/to-link-url.ts'
import type { AuthRouteDeps } from '../auth/auth-route-deps.ts'

/** One-time links that an administrator passes on by hand. */
export function addInvitationRoutes(app: HttpApp, deps: AuthRouteDeps): void {
  const toOrigin = (request: FastifyRequest): string => deps.publicOrigin ?? `${request.protocol}://${request.host}`

  app.get(
    '/api/admin/invitations',
    {
      config: { policy: mayAdminister },
      schema: { summary: 'Open invitations', response: { 200: InvitationListSchema } },
    },
    async () => {
      return { invitations: await deps.users.listInvitations() }
    },
  )

  app.post(
    '/api/admin/invitations',
    {
      config: { policy: mayMakeLinks },
      schema: {
        summary: 'Invite somebody; the link is shown this once',
        body: CreateInvitationRequestSchema,
        response: { 201: CreatedInvitationSchema },
      },
    },
    async (request, reply) => {
      const { email, role, name = '' } = request.body
      const { invitation, token } = await deps.users.createInvitation({ email, role, name })
      const target = { kind: 'invitation', id: invitation.id }
      await deps.acts.record(request, { action: 'invitation.created', target, details: { role } })
      return reply.code(201).send({ invitation, url: toLinkUrl(toOrigin(request), 'invitation', token) })
    },
  )

  app.delete(
    '/api/admin/invitations/:invitationId',
    {
      config: { policy: mayAdminister },
      schema: {
        summary: 'Take an invitation back',
        params: Type.Object({ invitationId: ClientIdSchema }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deps.users.revokeInvitation(request.params.invitationId)
      const target = { kind: 'invitation', id: request.params.invitationId }
      await deps.acts.record(request, { action: 'invitation.revoked', target })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/admin/users/:userId/password-reset-link',
    {
      config: { policy: mayMakeLinks },
      schema: {
        summary: 'A link by which a person sets a new password; it is shown this once',
        params: Type.Object({ userId: ClientIdSchema }),
        response: { 201: CreatedLinkSchema },
      },
    },
    async (request, reply) => {
      const { token, expiresAt } = await deps.users.createResetLink(request.params.userId)
      const target = { kind: 'user', id: request.params.userId }
      await deps.acts.record(request, { action: 'password.reset-link-created', target })
      const url = toLinkUrl(toOrigin(request), 'password-reset', token)
      return reply.code(201).send({ url, expiresAt: expiresAt.toISOString() })
    },
  )
}
