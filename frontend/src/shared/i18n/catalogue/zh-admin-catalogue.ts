import { zhAdminAgents } from './zh/admin-agents.ts'
import { zhAdminAudit } from './zh/admin-audit.ts'
import { zhAdminErrors } from './zh/admin-errors.ts'
import { zhAdminFrame } from './zh/admin-frame.ts'
import { zhAdminGroups } from './zh/admin-groups.ts'
import { zhAdminInstances } from './zh/admin-instances.ts'
import { zhAdminQuotas } from './zh/admin-quotas.ts'
import { zhAdminSignIn } from './zh/admin-sign-in.ts'
import { zhAdminUsers } from './zh/admin-users.ts'

/** Texts of the administration area, apart from the others: nobody who only chats loads them. */
export const zhAdminCatalogue = {
  ...zhAdminFrame,
  ...zhAdminErrors,
  ...zhAdminUsers,
  ...zhAdminGroups,
  ...zhAdminAgents,
  ...zhAdminQuotas,
  ...zhAdminSignIn,
  ...zhAdminAudit,
  ...zhAdminInstances,
}
