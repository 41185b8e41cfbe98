import type { ApiKeys } from '../../../users/api-keys.ts'
import type { HttpApp } from '../../app-types.ts'
import type { ActWriter } from '../../audit/create-act-writer.ts'
import type { Administration } from './admin-deps.ts'
import { addAgentAdministrationRoutes } from './agent-administration-routes.ts'
import { addAuditRoutes } from './audit-routes.ts'
import { addCredentialListRoutes } from './credential-list-routes.ts'
import { addGroupRoutes } from './group-routes.ts'
import { addQuotaRoutes } from './quota-routes.ts'
import { addUserCredentialRoutes } from './user-credential-routes.ts'
import { addUserRoutes } from './user-routes.ts'

type AdminRouteDeps = Administration & { acts: ActWriter; users: Pick<ApiKeys, 'listApiKeys' | 'revokeApiKey'> }

/** What belongs to everybody: for administrators, operators and auditors, each as `policies/roles` says. */
export function addAdminRoutes(app: HttpApp, deps: AdminRouteDeps): void {
  addUserRoutes(app, deps)
  addUserCredentialRoutes(app, deps)
  addCredentialListRoutes(app, deps)
  addGroupRoutes(app, deps)
  addAgentAdministrationRoutes(app, deps)
  addQuotaRoutes(app, deps)
  addAuditRoutes(app, deps)
}
