import Type from 'typebox'
import { AppError } from '../../../base/app-error.ts'
import type { ScimJson } from '../../../users/scim/scim-json.ts'
import type { HttpApp } from '../../app-types.ts'
import { listResourceTypes, listSchemas, toServiceProviderConfig, toWholeList } from './scim-discovery.ts'
import { scimConfig as config, toBaseUrl, type ScimContext } from './scim-context.ts'

const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) })

function getById(resources: readonly ScimJson[], id: string): ScimJson {
  const found = resources.find((resource) => resource['id'] === id)
  if (found === undefined) throw new AppError('not_found')
  return found
}

/** What a directory may expect here. */
export function addScimDiscoveryRoutes(app: HttpApp, context: ScimContext): void {
  app.get(
    '/scim/v2/ServiceProviderConfig',
    { config, schema: { summary: 'SCIM: what is supported' } },
    async (request) => toServiceProviderConfig(toBaseUrl(request, context)),
  )
  app.get('/scim/v2/ResourceTypes', { config, schema: { summary: 'SCIM: kinds of resources' } }, async (request) =>
    toWholeList(listResourceTypes(toBaseUrl(request, context))),
  )
  app.get(
    '/scim/v2/ResourceTypes/:id',
    { config, schema: { summary: 'SCIM: one kind of resources', params } },
    async (request) => getById(listResourceTypes(toBaseUrl(request, context)), request.params.id),
  )
  app.get('/scim/v2/Schemas', { config, schema: { summary: 'SCIM: attributes of all kinds' } }, async (request) =>
    toWholeList(listSchemas(toBaseUrl(request, context))),
  )
  app.get(
    '/scim/v2/Schemas/:id',
    { config, schema: { summary: 'SCIM: attributes of one kind', params } },
    async (request) => getById(listSchemas(toBaseUrl(request, context)), request.params.id),
  )
}
