import { createAgentAccess, forgetAgentAccess, type AgentAccessRules } from './agents/agent-access.ts'
import { createAgentAdministration } from './agents/agent-administration.ts'
import type { AgentRepository } from './agents/agent-repository.ts'
import type { SecretBox } from './agents/secret-box.ts'
import { testAgent, type TestAgentDeps } from './agents/test-agent.ts'
import { openAuditLog } from './audit/open-audit-log.ts'
import type { AuditReceiver } from './audit/push/receiver.ts'
import { AppError } from './base/app-error.ts'
import type { Clock } from './base/clock.ts'
import type { CreateId } from './base/ids.ts'
import type { Logger } from './base/logger.ts'
import type { CacheService } from './cache/cache-service.ts'
import type { Config } from './config/config.ts'
import type { Database } from './db/database.ts'
import type { Administration } from './http/routes/admin/admin-deps.ts'
import { createQuotaAdministration } from './quotas/quota-administration.ts'
import { createQuotaWindows } from './quotas/quota-windows.ts'
import { createGroups } from './users/groups.ts'
import { listUsers } from './users/list-users.ts'
import { createUserAdministration } from './users/user-administration.ts'

interface AdministrationDeps {
  database: Database
  cache: CacheService
  clock: Clock
  createId: CreateId
  logger: Logger
  secretBox: SecretBox
  agents: Pick<AgentRepository, 'findAgent' | 'findAgentTarget'>
  streamAnswer: TestAgentDeps['streamAnswer']
  /** Ends the answers that run in a chat. */
  endSession: (userId: string, sessionId: string) => Promise<void>
}

/** The rooms that administrators work with, joined; and who may see which agent. */
export function openAdministration(
  deps: AdministrationDeps,
  options: Pick<Config, 'auditRetentionDays' | 'quotas'> & { receivers: readonly AuditReceiver[] },
): { administration: Administration; access: AgentAccessRules } {
  const { database, cache } = deps
  const groups = createGroups(deps)
  const access = createAgentAccess({ database, cache, listGroupIds: (userId) => groups.listGroupIds(userId) })
  const audit = openAuditLog(
    { ...deps, seal: deps.secretBox, logger: deps.logger.child({ room: 'audit' }) },
    { retentionDays: options.auditRetentionDays, receivers: options.receivers.map(({ name }) => name) },
  )

  async function testOne(agentId: string): ReturnType<typeof testAgent> {
    const found = await deps.agents.findAgentTarget(agentId)
    if (found !== null) return testAgent(deps, found.target)
    const isThere = (await deps.agents.findAgent(agentId)) !== null
    throw new AppError(isThere ? 'agent_key_unreadable' : 'agent_not_found')
  }

  async function endAnswersOf(userId: string): Promise<void> {
    const running = await database.kysely
      .selectFrom('generations')
      .select('session_id')
      .distinct()
      .where('user_id', '=', userId)
      .where('status', '=', 'running')
      .execute()
    for (const { session_id } of running) if (session_id !== null) await deps.endSession(userId, session_id)
  }

  const administration: Administration = {
    people: { ...createUserAdministration(deps), listUsers: (wanted) => listUsers(deps, wanted) },
    groups,
    agents: createAgentAdministration({ ...deps, access }),
    agentAccess: access,
    quotas: createQuotaAdministration({
      ...deps,
      ...options.quotas,
      windows: createQuotaWindows(options.quotas.timeZone),
    }),
    forgetAgentAccess: () => forgetAgentAccess(cache),
    testAgent: testOne,
    endAnswersOf,
    audit,
  }
  return { administration, access }
}
