import type { AgentAccess } from '@llmchat/protocol/api/admin-schema'
import { AppError } from '../base/app-error.ts'
import type { CacheOptions, CacheService } from '../cache/cache-service.ts'
import type { Alongside } from '../db/alongside.ts'
import type { Database } from '../db/database.ts'

/** Whether somebody of these groups may see an agent. `deny` wins; no `allow` rule means everybody. Pure. */
export function isVisible(rules: AgentAccess['rules'], groupIds: ReadonlySet<string>): boolean {
  const mine = rules.filter((rule) => groupIds.has(rule.groupId))
  if (mine.some((rule) => rule.effect === 'deny')) return false
  return mine.some((rule) => rule.effect === 'allow') || !rules.some((rule) => rule.effect === 'allow')
}

export interface AgentAccessRules {
  /** By agent id; agents without a rule are missing. */
  listRules(): Promise<Readonly<Record<string, AgentAccess['rules']>>>
  isVisibleTo(userId: string, agentId: string): Promise<boolean>
  /** Of `agents`, those that this person may see. */
  filterVisible<Agent extends { id: string }>(userId: string, agents: readonly Agent[]): Promise<Agent[]>
  /** Instead of all rules the agent had. Errors: `agent_not_found`, `group_not_found`, `invalid_request` (a group twice). */
  replaceRules(agentId: string, rules: AgentAccess['rules'], alongside: Alongside): Promise<void>
}

const rulesKey = 'agent-access:rules'

/** Rules are few, and asked for with every message. */
const caching: CacheOptions = { scope: 'process', freshMs: 5000 }

/** For whoever deletes a group or an agent, and with it its rules. */
export async function forgetAgentAccess(cache: Pick<CacheService, 'del'>): Promise<void> {
  await cache.del(rulesKey)
}

export function createAgentAccess(deps: {
  database: Database
  cache: Pick<CacheService, 'getOrSet' | 'del'>
  listGroupIds: (userId: string) => Promise<readonly string[]>
}): AgentAccessRules {
  const { database, cache } = deps

  async function load(): Promise<Record<string, AgentAccess['rules']>> {
    const rows = await database.kysely
      .selectFrom('agent_access')
      .select(['agent_id', 'group_id', 'effect'])
      .orderBy('group_id')
      .execute()
    const rules: Record<string, AgentAccess['rules']> = {}
    for (const row of rows) (rules[row.agent_id] ??= []).push({ groupId: row.group_id, effect: row.effect })
    return rules
  }

  async function listRules(): Promise<Readonly<Record<string, AgentAccess['rules']>>> {
    return (await cache.getOrSet(rulesKey, load, caching)) ?? {}
  }

  async function filterVisible<Agent extends { id: string }>(
    userId: string,
    agents: readonly Agent[],
  ): Promise<Agent[]> {
    const rules = await listRules()
    // Most installations have no rules at all: then nobody's groups matter.
    if (!agents.some((agent) => rules[agent.id] !== undefined)) return [...agents]
    const groupIds = new Set(await deps.listGroupIds(userId))
    return agents.filter((agent) => isVisible(rules[agent.id] ?? [], groupIds))
  }

  return {
    listRules,
    filterVisible,
    isVisibleTo: async (userId, agentId) => (await filterVisible(userId, [{ id: agentId }])).length === 1,
    async replaceRules(agentId, rules, alongside) {
      const groupIds = rules.map((rule) => rule.groupId)
      if (new Set(groupIds).size < groupIds.length) {
        throw new AppError('invalid_request', { message: 'There is more than one rule for a group.' })
      }
      await database.transaction(async (trx) => {
        const agent = await trx.selectFrom('agent_configs').select('id').where('id', '=', agentId).executeTakeFirst()
        if (agent === undefined) throw new AppError('agent_not_found')
        if (groupIds.length > 0) {
          const found = await trx.selectFrom('groups').select('id').where('id', 'in', groupIds).execute()
          if (found.length < groupIds.length) throw new AppError('group_not_found')
        }
        await trx.deleteFrom('agent_access').where('agent_id', '=', agentId).execute()
        const rows = rules.map((rule) => ({ agent_id: agentId, group_id: rule.groupId, effect: rule.effect }))
        if (rows.length > 0) await trx.insertInto('agent_access').values(rows).execute()
        await alongside(trx)
      })
      await forgetAgentAccess(cache)
    },
  }
}
