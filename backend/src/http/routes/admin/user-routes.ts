import {
  AdminUserPageSchema,
  AdminUserSchema,
  DeleteUserQuerySchema,
  ListUsersQuerySchema,
  UpdateUserRequestSchema,
  type UpdateUserRequest,
} from '@llmchat/protocol/api/admin-schema'
import type { AuditDetails } from '@llmchat/protocol/api/audit-schema'
import Type from 'typebox'
import { AppError } from '../../../base/app-error.ts'
import type { HttpApp } from '../../app-types.ts'
import type { ActDescription, ActWriter } from '../../audit/create-act-writer.ts'
import { mayAdminister, mayReadAdminLists } from '../../policies/roles.ts'
import type { Administration } from './admin-deps.ts'

type UserRouteDeps = Pick<Administration, 'people' | 'endAnswersOf'> & { acts: ActWriter }

const params = Type.Object({ userId: Type.String({ minLength: 1, maxLength: 64 }) })

export function addUserRoutes(app: HttpApp, deps: UserRouteDeps): void {
  const { people, acts } = deps
  app.get(
    '/api/admin/users',
    {
      config: { policy: mayReadAdminLists },
      schema: {
        summary: 'List people by address',
        querystring: ListUsersQuerySchema,
        response: { 200: AdminUserPageSchema },
      },
    },
    (request) => people.listUsers(request.query),
  )

  app.get(
    '/api/admin/users/:userId',
    {
      config: { policy: mayReadAdminLists },
      schema: { summary: 'Get one person', params, response: { 200: AdminUserSchema } },
    },
    (request) => people.getUser(request.params.userId),
  )

  app.patch(
    '/api/admin/users/:userId',
    {
      config: { policy: mayAdminister },
      schema: {
        summary: 'Change a name or role, switch a person off or on, set or lift a legal hold',
        params,
        body: UpdateUserRequestSchema,
        response: { 200: AdminUserSchema },
      },
    },
    (request) => {
      const { userId } = request.params
      const act: ActDescription = {
        action: 'user.changed',
        target: { kind: 'user', id: userId },
        details: toDetails(request.body),
      }
      return acts.orFailure(request, act, () => people.updateUser(userId, request.body, acts.alongside(request, act)))
    },
  )

  app.delete(
    '/api/admin/users/:userId',
    {
      config: { policy: mayAdminister },
      schema: {
        summary: 'Switch a person off, or erase all that is theirs',
        params,
        querystring: DeleteUserQuerySchema,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { userId } = request.params
      const isErasing = request.query.mode === 'erase'
      const act: ActDescription = {
        action: isErasing ? 'user.erased' : 'user.deactivated',
        target: { kind: 'user', id: userId },
      }
      const alongside = acts.alongside(request, act)
      await acts.orFailure(request, act, async () => {
        if (!isErasing) {
          await people.updateUser(userId, { isActive: false }, alongside)
          return
        }
        if ((await people.getUser(userId)).isOnLegalHold) throw new AppError('legal_hold')
        await deps.endAnswersOf(userId)
        await people.eraseUser(userId, alongside)
      })
      return reply.code(204).send(null)
    },
  )
}

/** Which fields, and the new values of those that give or take rights; names of people are nobody's business. */
function toDetails({ name, ...rights }: UpdateUserRequest): AuditDetails {
  return { fields: Object.keys({ ...(name === undefined ? {} : { name }), ...rights }), ...rights }
}
