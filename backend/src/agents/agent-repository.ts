import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/logger.ts'
import type { CacheOptions, CacheService } from '../cache/cache-service.ts'
import type { Database } from '../db/database.ts'
import type { ProviderTarget } from '../providers/provider-adapter.ts'
import { toAgentListKey, toAgentTargetKey } from './forget-agents.ts'
import type { SecretBox } from './secret-box.ts'
import {
  toAgentSummary,
  toProviderTarget,
  toResilience,
  type AgentResilience,
  type AgentRow,
  type AgentSummary,
} from './to-agent.ts'

/** An agent and how to reach it. Never leaves the server. */
export interface AgentTarget {
  agent: AgentSummary
  target: ProviderTarget
  resilience: AgentResilience
}

export interface AgentRepository {
  /** The default one first, then by name; those that are switched off only when asked for. */
  listAgents(options?: { withInactive: boolean }): Promise<AgentSummary[]>
  findAgent(agentId: string): Promise<AgentSummary | null>
  /**
   * Switched off or not; null when there is none of this id, or none that can be asked because its key was sealed with
   * another secret. Out of memory until somebody writes it, 5 s at most.
   */
  findAgentTarget(agentId: string): Promise<AgentTarget | null>
  /** For a new message. Errors: `agent_not_found`, `agent_inactive`, `agent_key_unreadable`. */
  getActiveTarget(agentId: string): Promise<AgentTarget>
}

const MAX_LISTED = 1000

/** It holds the open key. Asked again after 5 s in any case: an instance that is cut off from Redis hears of no switch. */
const targetCaching: CacheOptions = { scope: 'process', freshMs: 5000, negativeMs: 1000 }

const listCaching: CacheOptions = { scope: 'shared', freshMs: 5000, staleMs: 10_000, waitForOthersMs: 200 }

interface RepositoryDeps {
  database: Database
  secretBox: SecretBox
  logger: Logger
  cache: Pick<CacheService, 'getOrSet'>
}

/** `target`: null when the key cannot be opened. */
interface FoundAgent extends Omit<AgentTarget, 'target'> {
  target: ProviderTarget | null
}

export function createAgentRepository(deps: RepositoryDeps): AgentRepository {
  const { database, secretBox, logger, cache } = deps

  async function findRow(agentId: string): Promise<AgentRow | null> {
    const [row] = await database.query<AgentRow>(
      { name: 'find-agent', text: 'SELECT * FROM agent_configs WHERE id = $1' },
      [agentId],
    )
    return row ?? null
  }

  // An expected state, not a throw: one agent whose key was sealed with a former secret must not keep the server from
  // starting, nor answers of others from being taken over.
  function openTarget(row: AgentRow): ProviderTarget | null {
    try {
      return toProviderTarget(row, secretBox)
    } catch (error) {
      logger.error({ agentId: row.id, err: error }, 'agent key cannot be opened')
      return null
    }
  }

  async function load(agentId: string): Promise<FoundAgent | null> {
    const row = await findRow(agentId)
    return row && { agent: toAgentSummary(row), target: openTarget(row), resilience: toResilience(row) }
  }

  function find(agentId: string): Promise<FoundAgent | null> {
    return cache.getOrSet(toAgentTargetKey(agentId), () => load(agentId), targetCaching)
  }

  async function loadList(withInactive: boolean): Promise<AgentSummary[]> {
    let query = database.kysely.selectFrom('agent_configs').selectAll()
    if (!withInactive) query = query.where('is_active', '=', true)
    const rows = await query.orderBy('is_default', 'desc').orderBy('name').orderBy('id').limit(MAX_LISTED).execute()
    return rows.map(toAgentSummary)
  }

  return {
    async findAgentTarget(agentId) {
      const found = await find(agentId)
      return found?.target ? { ...found, target: found.target } : null
    },
    async listAgents({ withInactive } = { withInactive: false }) {
      const list = await cache.getOrSet(toAgentListKey(withInactive), () => loadList(withInactive), listCaching)
      return list ?? []
    },
    async findAgent(agentId) {
      const row = await findRow(agentId)
      return row && toAgentSummary(row)
    },
    async getActiveTarget(agentId) {
      const found = await find(agentId)
      if (found === null) throw new AppError('agent_not_found')
      const { target } = found
      if (!found.agent.isActive) throw new AppError('agent_inactive')
      if (target === null) throw new AppError('agent_key_unreadable')
      return { ...found, target }
    },
  }
}
