import type { ScimGroups } from '../../../users/scim/create-scim-groups.ts'
import { selectAttributes } from '../../../users/scim/scim-page.ts'
import type { HttpApp } from '../../app-types.ts'
import {
  scimConfig as config,
  scimParams as params,
  ScimQuerySchema,
  sendResource,
  toBaseUrl,
  toResource,
  toWrite,
  type ScimContext,
} from './scim-context.ts'

export function addScimGroupRoutes(app: HttpApp, groups: ScimGroups, context: ScimContext): void {
  app.get(
    '/scim/v2/Groups',
    { config, schema: { summary: 'SCIM: list groups', querystring: ScimQuerySchema } },
    (request) => groups.list(request.query, toBaseUrl(request, context)),
  )

  app.get(
    '/scim/v2/Groups/:id',
    { config, schema: { summary: 'SCIM: one group', params, querystring: ScimQuerySchema } },
    async (request, reply) => {
      const resource = await groups.get(request.params.id, toBaseUrl(request, context))
      return sendResource(request, reply, selectAttributes(resource, request.query))
    },
  )

  app.post('/scim/v2/Groups', { config, schema: { summary: 'SCIM: make a group' } }, async (request, reply) => {
    const made = await groups.create(toResource(request.body), toWrite(request, context))
    return sendResource(request, reply.code(201), made)
  })

  app.put(
    '/scim/v2/Groups/:id',
    { config, schema: { summary: 'SCIM: replace a group and its members', params } },
    async (request, reply) => {
      const write = toWrite(request, context)
      return sendResource(request, reply, await groups.replace(request.params.id, toResource(request.body), write))
    },
  )

  app.patch(
    '/scim/v2/Groups/:id',
    { config, schema: { summary: 'SCIM: change a group, add or remove members', params } },
    async (request, reply) => {
      const changed = await groups.patch(request.params.id, request.body, toWrite(request, context))
      return sendResource(request, reply, changed)
    },
  )

  app.delete(
    '/scim/v2/Groups/:id',
    { config, schema: { summary: 'SCIM: delete a group and the access rules that name it', params } },
    async (request, reply) => {
      await groups.remove(request.params.id, toWrite(request, context))
      return reply.code(204).send()
    },
  )
}
