import type { ScimGroups } from '../../../users/scim/create-scim-groups.ts'
import type { ScimUsers } from '../../../users/scim/create-scim-users.ts'
import type { HttpApp } from '../../app-types.ts'
import type { ScimContext } from './scim-context.ts'
import { addScimDiscoveryRoutes } from './scim-discovery-routes.ts'
import { addScimGroupRoutes } from './scim-group-routes.ts'
import { addScimUserRoutes } from './scim-user-routes.ts'

/** The directory's side of people and groups. */
export interface Scim {
  users: ScimUsers
  groups: ScimGroups
}

const mediaType = 'application/scim+json; charset=utf-8'

/** SCIM 2.0. Belongs into a scope of its own within that of known requesters: its bodies have a media type of their own. */
export function addScimRoutes(app: HttpApp, scim: Scim, context: ScimContext): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/scim+json', { parseAs: 'string' }, parseJson)
  app.addHook('onSend', async (_request, reply, payload) => {
    if (String(reply.getHeader('content-type') ?? '').startsWith('application/json')) reply.type(mediaType)
    return payload
  })
  addScimDiscoveryRoutes(app, context)
  addScimUserRoutes(app, scim.users, context)
  addScimGroupRoutes(app, scim.groups, context)
}
