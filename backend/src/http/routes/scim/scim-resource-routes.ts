import { selectAttributes } from '../../../users/scim/scim-page.ts'
import type { ScimResources } from '../../../users/scim/scim-resources.ts'
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

/** Where a kind of resource lies, and what its operations are called in the description. */
export interface ScimPlace {
  path: string
  summaries: Readonly<Record<keyof ScimResources, string>>
}

/** The six operations of RFC 7644 on one kind of resource. */
export function addScimResourceRoutes(
  app: HttpApp,
  resources: ScimResources,
  context: ScimContext & { place: ScimPlace },
): void {
  const { path, summaries } = context.place
  const one = `${path}/:id`

  app.get(path, { config, schema: { summary: summaries.list, querystring: ScimQuerySchema } }, (request) =>
    resources.list(request.query, toBaseUrl(request, context)),
  )

  app.get(
    one,
    { config, schema: { summary: summaries.get, params, querystring: ScimQuerySchema } },
    async (request, reply) => {
      const resource = await resources.get(request.params.id, toBaseUrl(request, context))
      return sendResource(request, reply, selectAttributes(resource, request.query))
    },
  )

  app.post(path, { config, schema: { summary: summaries.create } }, async (request, reply) => {
    const made = await resources.create(toResource(request.body), toWrite(request, context))
    return sendResource(request, reply.code(201), made)
  })

  app.put(one, { config, schema: { summary: summaries.replace, params } }, async (request, reply) => {
    const write = toWrite(request, context)
    return sendResource(request, reply, await resources.replace(request.params.id, toResource(request.body), write))
  })

  app.patch(one, { config, schema: { summary: summaries.patch, params } }, async (request, reply) => {
    const changed = await resources.patch(request.params.id, request.body, toWrite(request, context))
    return sendResource(request, reply, changed)
  })

  app.delete(one, { config, schema: { summary: summaries.remove, params } }, async (request, reply) => {
    await resources.remove(request.params.id, toWrite(request, context))
    return reply.code(204).send()
  })
}
