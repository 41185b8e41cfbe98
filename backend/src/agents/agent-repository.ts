import { LRUCache } from 'lru-cache'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/database.ts'
import type { ProviderTarget } from '../providers/provider-adapter.ts'
import type { SecretBox } from './secret-box.ts'
import { toAgentSummary, toProviderTarget, type AgentRow, type AgentSummary } from './to-agent.ts'

/** An agent and how to reach it. Never leaves the server. */
export interface AgentTarget {
  agent: AgentSummary
  target: ProviderTarget
}

export interface AgentRepository {
  /** The default one first, then by name; those that are switched off only when asked for. */
  listAgents(options?: { withInactive: boolean }): Promise<AgentSummary[]>
  findAgent(agentId: string): Promise<AgentSummary | null>
  /**
   * Switched off or not; null when there is none of this id, or none that can be asked because its key was sealed with
   * another secret. At most a second old.
   */
  findAgentTarget(agentId: string): Promise<AgentTarget | null>
  /** For a new message. Errors: `agent_not_found`, `agent_inactive`, `agent_key_unreadable`. */
  getActiveTarget(agentId: string): Promise<AgentTarget>
}

const CACHE_MS = 1000
const MAX_CACHED = 1000
const MAX_LISTED = 1000

interface RepositoryDeps {
  database: Database
  secretBox: SecretBox
  logger: Logger
}

/** `target`: null when the key cannot be opened. */
interface FoundAgent {
  agent: AgentSummary
  target: ProviderTarget | null
}

export function createAgentRepository(deps: RepositoryDeps): AgentRepository {
  const { database, secretBox, logger } = deps

  async function findRow(agentId: string): Promise<AgentRow | null> {
    const [row] = await database.query<AgentRow>(
      { name: 'find-agent', text: 'SELECT * FROM agent_configs WHERE id = $1' },
      [agentId],
    )
    return row ?? null
  }

  // A thousand messages in a second to one agent look it up once, the thousand of the same moment too.
  const targets = new LRUCache<string, { found: FoundAgent | null }>({
    max: MAX_CACHED,
    ttl: CACHE_MS,
    fetchMethod: async (agentId) => {
      const row = await findRow(agentId)
      return { found: row && { agent: toAgentSummary(row), target: openTarget(row) } }
    },
  })

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

  async function find(agentId: string): Promise<FoundAgent | null> {
    const entry = await targets.fetch(agentId)
    return entry?.found ?? null
  }

  return {
    async findAgentTarget(agentId) {
      const found = await find(agentId)
      return found?.target ? { agent: found.agent, target: found.target } : null
    },
    async listAgents(options = { withInactive: false }) {
      let query = database.kysely.selectFrom('agent_configs').selectAll()
      if (!options.withInactive) query = query.where('is_active', '=', true)
      const rows = await query.orderBy('is_default', 'desc').orderBy('name').orderBy('id').limit(MAX_LISTED).execute()
      return rows.map(toAgentSummary)
    },
    async findAgent(agentId) {
      const row = await findRow(agentId)
      return row && toAgentSummary(row)
    },
    async getActiveTarget(agentId) {
      const found = await find(agentId)
      if (found === null) throw new AppError('agent_not_found')
      const { agent, target } = found
      if (!agent.isActive) throw new AppError('agent_inactive')
      if (target === null) throw new AppError('agent_key_unreadable')
      return { agent, target }
    },
  }
}
