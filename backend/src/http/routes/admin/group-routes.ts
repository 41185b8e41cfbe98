import {
  CreateGroupRequestSchema,
  GroupListSchema,
  GroupSchema,
  UpdateGroupRequestSchema,
} from '@llmchat/protocol/api/admin-schema'
import Type from 'typebox'
import type { HttpApp } from '../../app-types.ts'
import type { ActDescription, ActWriter } from '../../audit/create-act-writer.ts'
import { mayAdminister, mayReadAdminLists } from '../../policies/roles.ts'
import type { Administration } from './admin-deps.ts'

type GroupRouteDeps = Pick<Administration, 'groups' | 'forgetAgentAccess'> & { acts: ActWriter }

const id = Type.String({ minLength: 1, maxLength: 64 })
const params = Type.Object({ groupId: id })
const memberParams = Type.Object({ groupId: id, userId: id })

function toAct(action: ActDescription['action'], groupId: string, details = {}): ActDescription {
  return { action, target: { kind: 'group', id: groupId }, details }
}

/** Who is in a group: `GET /api/admin/users?groupId=`. */
export function addGroupRoutes(app: HttpApp, deps: GroupRouteDeps): void {
  const { groups, acts } = deps
  app.get(
    '/api/admin/groups',
    {
      config: { policy: mayReadAdminLists },
      schema: { summary: 'List the groups by name', response: { 200: GroupListSchema } },
    },
    async () => ({ groups: await groups.listGroups() }),
  )

  app.post(
    '/api/admin/groups',
    {
      config: { policy: mayAdminister },
      schema: { summary: 'Make a group', body: CreateGroupRequestSchema, response: { 201: GroupSchema } },
    },
    async (request, reply) => {
      const group = await groups.createGroup(request.body, (trx, made) =>
        acts.alongside(request, toAct('group.created', made.id))(trx, undefined),
      )
      return reply.code(201).send(group)
    },
  )

  app.patch(
    '/api/admin/groups/:groupId',
    {
      config: { policy: mayAdminister },
      schema: {
        summary: 'Rename or describe a group',
        params,
        body: UpdateGroupRequestSchema,
        response: { 200: GroupSchema },
      },
    },
    (request) => {
      const { groupId } = request.params
      const act = toAct('group.changed', groupId, { fields: Object.keys(request.body) })
      return groups.updateGroup(groupId, request.body, acts.alongside(request, act))
    },
  )

  app.delete(
    '/api/admin/groups/:groupId',
    {
      config: { policy: mayAdminister },
      schema: {
        summary: 'Delete a group and the access rules that name it',
        params,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { groupId } = request.params
      await groups.deleteGroup(groupId, acts.alongside(request, toAct('group.deleted', groupId)))
      await deps.forgetAgentAccess()
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/api/admin/groups/:groupId/members/:userId',
    {
      config: { policy: mayAdminister },
      schema: { summary: 'Add a person to a group', params: memberParams, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { groupId, userId } = request.params
      await groups.setMember(
        request.params,
        true,
        acts.alongside(request, toAct('group.member-added', groupId, { userId })),
      )
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/admin/groups/:groupId/members/:userId',
    {
      config: { policy: mayAdminister },
      schema: { summary: 'Take a person out of a group', params: memberParams, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { groupId, userId } = request.params
      await groups.setMember(
        request.params,
        false,
        acts.alongside(request, toAct('group.member-removed', groupId, { userId })),
      )
      return reply.code(204).send(null)
    },
  )
}
