import type { ScimUsers } from '../../../users/scim/create-scim-users.ts'
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

export function addScimUserRoutes(app: HttpApp, users: ScimUsers, context: ScimContext): void {
  app.get(
    '/scim/v2/Users',
    { config, schema: { summary: 'SCIM: list people', querystring: ScimQuerySchema } },
    (request) => users.list(request.query, toBaseUrl(request, context)),
  )

  app.get(
    '/scim/v2/Users/:id',
    { config, schema: { summary: 'SCIM: one person', params, querystring: ScimQuerySchema } },
    async (request, reply) => {
      const resource = await users.get(request.params.id, toBaseUrl(request, context))
      return sendResource(request, reply, selectAttributes(resource, request.query))
    },
  )

  app.post('/scim/v2/Users', { config, schema: { summary: 'SCIM: make an account' } }, async (request, reply) => {
    const made = await users.create(toResource(request.body), toWrite(request, context))
    return sendResource(request, reply.code(201), made)
  })

  app.put(
    '/scim/v2/Users/:id',
    { config, schema: { summary: 'SCIM: replace what is said of a person', params } },
    async (request, reply) => {
      const write = toWrite(request, context)
      return sendResource(request, reply, await users.replace(request.params.id, toResource(request.body), write))
    },
  )

  app.patch(
    '/scim/v2/Users/:id',
    { config, schema: { summary: 'SCIM: change a person, switch them off or on', params } },
    async (request, reply) => {
      const changed = await users.patch(request.params.id, request.body, toWrite(request, context))
      return sendResource(request, reply, changed)
    },
  )

  app.delete(
    '/scim/v2/Users/:id',
    { config, schema: { summary: 'SCIM: switch a person off; their chats stay', params } },
    async (request, reply) => {
      await users.remove(request.params.id, toWrite(request, context))
      return reply.code(204).send()
    },
  )
}
