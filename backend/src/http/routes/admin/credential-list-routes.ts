import {
  ApiKeyPageSchema,
  ListCredentialsQuerySchema,
  LoginSessionPageSchema,
} from '@llmchat/protocol/api/credential-list-schema'
import type { HttpApp } from '../../app-types.ts'
import { mayReadAdminLists } from '../../policies/roles.ts'
import type { Administration } from './admin-deps.ts'

/** How people get in, of everybody; ended one by one under the person they belong to. */
export function addCredentialListRoutes(app: HttpApp, deps: Pick<Administration, 'people'>): void {
  app.get(
    '/api/admin/login-sessions',
    {
      config: { policy: mayReadAdminLists },
      schema: {
        summary: "List everybody's login sessions, the newest first",
        querystring: ListCredentialsQuerySchema,
        response: { 200: LoginSessionPageSchema },
      },
    },
    (request) => deps.people.listAllLoginSessions(request.query),
  )

  app.get(
    '/api/admin/api-keys',
    {
      config: { policy: mayReadAdminLists },
      schema: {
        summary: "List everybody's API keys, the newest first",
        querystring: ListCredentialsQuerySchema,
        response: { 200: ApiKeyPageSchema },
      },
    },
    (request) => deps.people.listAllApiKeys(request.query),
  )
}
