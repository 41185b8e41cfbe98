import type { AdminUserPage, AgentTest } from '@llmchat/protocol/api/admin-schema'
import type { AgentAccessRules } from '../../../agents/agent-access.ts'
import type { AgentAdministration } from '../../../agents/agent-administration.ts'
import type { AuditLog } from '../../../audit/open-audit-log.ts'
import type { QuotaAdministration } from '../../../quotas/quota-administration.ts'
import type { Groups } from '../../../users/groups.ts'
import type { ListUsersOptions } from '../../../users/list-users.ts'
import type { UserAdministration } from '../../../users/user-administration.ts'

/** What the admin routes work with. */
export interface Administration {
  people: UserAdministration & { listUsers(options: ListUsersOptions): Promise<AdminUserPage> }
  groups: Groups
  agents: AgentAdministration
  agentAccess: Pick<AgentAccessRules, 'replaceRules'>
  quotas: QuotaAdministration
  /** After a group is gone, whose rules went with it. */
  forgetAgentAccess: () => Promise<void>
  /** Errors: `agent_not_found`, `agent_key_unreadable`. */
  testAgent(agentId: string): Promise<AgentTest>
  /** Ends the answers that run for a person. */
  endAnswersOf(userId: string): Promise<void>
  audit: AuditLog
}
