import type { ScimResources } from '../../../users/scim/scim-resources.ts'
import type { HttpApp } from '../../app-types.ts'
import type { ScimContext } from './scim-context.ts'
import { addScimDiscoveryRoutes } from './scim-discovery-routes.ts'
import { addScimResourceRoutes, type ScimPlace } from './scim-resource-routes.ts'

/** The directory's side of people and groups. */
export interface Scim {
  users: ScimResources
  groups: ScimResources
}

const users: ScimPlace = {
  path: '/scim/v2/Users',
  summaries: {
    list: 'SCIM: list people',
    get: 'SCIM: one person',
    create: 'SCIM: make an account',
    replace: 'SCIM: replace what is said of a person',
    patch: 'SCIM: change a person, switch them off or on',
    remove: 'SCIM: switch a person off; their chats stay',
  },
}

const groups: ScimPlace = {
  path: '/scim/v2/Groups',
  summaries: {
    list: 'SCIM: list groups',
    get: 'SCIM: one group',
    create: 'SCIM: make a group',
    replace: 'SCIM: replace a group and its members',
    patch: 'SCIM: change a group, add or remove members',
    remove: 'SCIM: delete a group and the access rules that name it',
  },
}

export const scimMediaType = 'application/scim+json; charset=utf-8'

/** SCIM 2.0. Belongs into a scope of its own within that of known requesters: its bodies have a media type of their own. */
export function addScimRoutes(app: HttpApp, scim: Scim, context: ScimContext): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/scim+json', { parseAs: 'string' }, parseJson)
  app.addHook('onSend', async (_request, reply, payload) => {
    if (String(reply.getHeader('content-type') ?? '').startsWith('application/json')) reply.type(scimMediaType)
    return payload
  })
  addScimDiscoveryRoutes(app, context)
  addScimResourceRoutes(app, scim.users, { ...context, place: users })
  addScimResourceRoutes(app, scim.groups, { ...context, place: groups })
}
