import type { AdminAgent, AgentAccess, UpdateAgentRequest } from '@llmchat/protocol/api/admin-schema'
import type { AgentImport } from '@llmchat/protocol/api/agent-schema'
import type { Kysely } from 'kysely'
import { AppError } from '../base/app-error.ts'
import type { CacheService } from '../cache/cache-service.ts'
import type { Alongside } from '../db/alongside.ts'
import { findViolatedUnique } from '../db/database-error.ts'
import type { Database } from '../db/database.ts'
import type { DatabaseSchema } from '../db/schema.ts'
import { toBaseUrl } from '../providers/normalise-base-url.ts'
import { forgetAgentAccess, type AgentAccessRules } from './agent-access.ts'
import { forgetAgents } from './forget-agents.ts'
import { assertFallbacksExist, toAgentColumns } from './import-agents.ts'
import { findContradictions } from './parse-agents-file.ts'
import type { SecretBox } from './secret-box.ts'
import type { AgentRow } from './to-agent.ts'

/** What administrators do with agents; the key goes in and never comes out. Errors: `agent_not_found`, `invalid_request`. */
export interface AgentAdministration {
  listAgents(): Promise<AdminAgent[]>
  getAgent(agentId: string): Promise<AdminAgent>
  /** Errors: `conflict` when the id is taken. */
  createAgent(agent: AgentImport, alongside: Alongside): Promise<AdminAgent>
  updateAgent(agentId: string, changes: UpdateAgentRequest, alongside: Alongside): Promise<AdminAgent>
  /** Its chats stay readable. */
  deleteAgent(agentId: string, alongside: Alongside): Promise<void>
}

interface AdministrationDeps {
  database: Database
  cache: Pick<CacheService, 'del'>
  secretBox: SecretBox
  access: Pick<AgentAccessRules, 'listRules'>
}

const MAX_LISTED = 1000

function toAdminAgent(row: AgentRow, rules: AgentAccess['rules']): AdminAgent {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    provider: row.provider,
    baseUrl: row.base_url,
    hasApiKey: row.api_key_sealed !== null,
    model: row.model,
    appId: row.app_id,
    systemPrompt: row.system_prompt,
    temperature: row.temperature,
    maxTokens: row.max_tokens,
    options: row.options,
    suggestions: row.suggestions,
    fallbackAgentIds: row.fallback_agent_ids,
    maxConcurrent: row.max_concurrent,
    hedgeAfterMs: row.hedge_after_ms,
    takesImages: row.takes_images,
    takesFiles: row.takes_files,
    origin: row.origin,
    isActive: row.is_active,
    isDefault: row.is_default,
    access: { rules },
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

/** The stored agent as an entry of a file would have it, without its key. */
function toEntry(row: AgentRow): AgentImport & { baseUrl: string } {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    provider: row.provider,
    baseUrl: row.base_url,
    isActive: row.is_active,
    isDefault: row.is_default,
    options: row.options,
    suggestions: row.suggestions,
    fallbackAgentIds: row.fallback_agent_ids,
    takesImages: row.takes_images,
    takesFiles: row.takes_files,
    ...(row.model === null ? {} : { model: row.model }),
    ...(row.app_id === null ? {} : { appId: row.app_id }),
    ...(row.system_prompt === null ? {} : { systemPrompt: row.system_prompt }),
    ...(row.temperature === null ? {} : { temperature: row.temperature }),
    ...(row.max_tokens === null ? {} : { maxTokens: row.max_tokens }),
    ...(row.max_concurrent === null ? {} : { maxConcurrent: row.max_concurrent }),
    ...(row.hedge_after_ms === null ? {} : { hedgeAfterMs: row.hedge_after_ms }),
  }
}

/** Null takes a field away, what is not named stays. */
function toMerged(row: AgentRow, changes: UpdateAgentRequest): AgentImport {
  const { apiKey, ...fields } = changes
  const entries = Object.entries({ ...toEntry(row), ...fields }).filter(([, value]) => value !== null)
  const merged = Object.fromEntries(entries) as AgentImport
  return apiKey === undefined ? merged : { ...merged, apiKey: apiKey ?? '' }
}

function toOrigin(baseUrl: string): string {
  return new URL(baseUrl).origin
}

/** Who may point an agent elsewhere must not thereby learn its key. */
function assertKeyStays(row: AgentRow, next: AgentImport & { baseUrl: string }): void {
  if (row.api_key_sealed === null || next.apiKey !== undefined) return
  if (toOrigin(row.base_url) === toOrigin(next.baseUrl) && row.provider === next.provider) return
  throw new AppError('invalid_request', {
    message: 'With another address or provider the API key must be given again, or removed.',
    details: [{ in: 'body', path: '/apiKey', problem: 'must be given with a new host or provider' }],
  })
}

function toChecked(agent: AgentImport): AgentImport & { baseUrl: string } {
  const problems = findContradictions(agent)
  if (problems.length > 0) throw new AppError('invalid_request', { message: problems.join('; ') })
  return { ...agent, baseUrl: toBaseUrl(agent.provider, agent.baseUrl ?? '') }
}

async function leaveDefault(trx: Kysely<DatabaseSchema>, agent: AgentImport): Promise<void> {
  if (agent.isDefault !== true) return
  const others = trx.updateTable('agent_configs').set({ is_default: false }).where('is_default', '=', true)
  await others.where('id', '<>', agent.id).execute()
}

export function createAgentAdministration(deps: AdministrationDeps): AgentAdministration {
  const { database, cache, secretBox } = deps

  async function present(row: AgentRow): Promise<AdminAgent> {
    return toAdminAgent(row, (await deps.access.listRules())[row.id] ?? [])
  }

  async function getRow(trx: Kysely<DatabaseSchema>, agentId: string): Promise<AgentRow> {
    const finding = trx.selectFrom('agent_configs').selectAll().where('id', '=', agentId)
    const row = await finding.executeTakeFirst()
    if (row === undefined) throw new AppError('agent_not_found')
    return row
  }

  return {
    async listAgents() {
      const rules = await deps.access.listRules()
      const listing = database.kysely.selectFrom('agent_configs').selectAll()
      const rows = await listing.orderBy('name').orderBy('id').limit(MAX_LISTED).execute()
      return rows.map((row) => toAdminAgent(row, rules[row.id] ?? []))
    },
    getAgent: async (agentId) => present(await getRow(database.kysely, agentId)),
    async createAgent(wanted, alongside) {
      const agent = toChecked(wanted)
      try {
        const row = await database.transaction(async (trx) => {
          await assertFallbacksExist(trx, [agent])
          await leaveDefault(trx, agent)
          const values = { ...toAgentColumns(agent, secretBox), id: agent.id, origin: 'admin' as const }
          const made = await trx.insertInto('agent_configs').values(values).returningAll().executeTakeFirstOrThrow()
          await alongside(trx)
          return made
        })
        await forgetAgents(cache, [row.id])
        return await present(row)
      } catch (error) {
        if (findViolatedUnique(error) === null) throw error
        throw new AppError('conflict', { message: `There is already an agent ${agent.id}.`, cause: error })
      }
    },
    async updateAgent(agentId, changes, alongside) {
      const row = await database.transaction(async (trx) => {
        const before = await getRow(trx, agentId)
        const agent = toChecked(toMerged(before, changes))
        assertKeyStays(before, agent)
        await assertFallbacksExist(trx, [agent])
        await leaveDefault(trx, agent)
        const changed = await trx
          .updateTable('agent_configs')
          .set({ ...toAgentColumns(agent, secretBox), updated_at: new Date() })
          .where('id', '=', agentId)
          .returningAll()
          .executeTakeFirstOrThrow()
        await alongside(trx)
        return changed
      })
      await forgetAgents(cache, [agentId])
      return present(row)
    },
    async deleteAgent(agentId, alongside) {
      await database.transaction(async (trx) => {
        const result = await trx.deleteFrom('agent_configs').where('id', '=', agentId).executeTakeFirst()
        if (result.numDeletedRows === 0n) throw new AppError('agent_not_found')
        await alongside(trx)
      })
      await forgetAgents(cache, [agentId])
      await forgetAgentAccess(cache)
    },
  }
}
