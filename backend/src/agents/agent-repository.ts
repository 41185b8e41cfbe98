import { LRUCache } from 'lru-cache'
import { AppError } from '../base/app-error.ts'
import type { Database } from '../db/database.ts'
import type { ProviderTarget } from '../providers/provider-adapter.ts'
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
  /** Switched off or not; null when there is none of this id. At most a second old. */
  findAgentTarget(agentId: string): Promise<AgentTarget | null>
  /** For a new message. Errors: `agent_not_found`, `agent_inactive`. */
  getActiveTarget(agentId: string): Promise<AgentTarget>
}

const CACHE_MS = 1000
const MAX_CACHED = 1000
const MAX_LISTED = 1000

export function createAgentRepository(deps: { database: Database; secretBox: SecretBox }): AgentRepository {
  const { database, secretBox } = deps

  async function findRow(agentId: string): Promise<AgentRow | null> {
    const [row] = await database.query<AgentRow>(
      { name: 'find-agent', text: 'SELECT * FROM agent_configs WHERE id = $1' },
      [agentId],
    )
    return row ?? null
  }

  // A thousand messages in a second to one agent look it up once, the thousand of the same moment too.
  const targets = new LRUCache<string, { found: AgentTarget | null }>({
    max: MAX_CACHED,
    ttl: CACHE_MS,
    fetchMethod: async (agentId) => {
      const row = await findRow(agentId)
      return {
        found: row && {
          agent: toAgentSummary(row),
          target: toProviderTarget(row, secretBox),
          resilience: toResilience(row),
        },
      }
    },
  })

  async function findAgentTarget(agentId: string): Promise<AgentTarget | null> {
    const entry = await targets.fetch(agentId)
    return entry?.found ?? null
  }

  return {
    findAgentTarget,
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
      const found = await findAgentTarget(agentId)
      if (found === null) throw new AppError('agent_not_found')
      if (!found.agent.isActive) throw new AppError('agent_inactive')
      return found
    },
  }
}
