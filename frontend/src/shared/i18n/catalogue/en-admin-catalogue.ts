import { enAdminAgents } from './en/admin-agents.ts'
import { enAdminAudit } from './en/admin-audit.ts'
import { enAdminErrors } from './en/admin-errors.ts'
import { enAdminFrame } from './en/admin-frame.ts'
import { enAdminGroups } from './en/admin-groups.ts'
import { enAdminInstances } from './en/admin-instances.ts'
import { enAdminQuotas } from './en/admin-quotas.ts'
import { enAdminSignIn } from './en/admin-sign-in.ts'
import { enAdminUsers } from './en/admin-users.ts'

/** Texts of the administration area in this language. */
export const enAdminCatalogue = {
  ...enAdminFrame,
  ...enAdminErrors,
  ...enAdminUsers,
  ...enAdminGroups,
  ...enAdminAgents,
  ...enAdminQuotas,
  ...enAdminSignIn,
  ...enAdminAudit,
  ...enAdminInstances,
}
