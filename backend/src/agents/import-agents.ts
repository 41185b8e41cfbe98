import { sql, type Kysely } from 'kysely'
import type { CacheService } from '../cache/cache-service.ts'
import type { Database } from '../db/database.ts'
import type { DatabaseSchema } from '../db/schema.ts'
import { forgetAgents } from './forget-agents.ts'
import { createAgentsFileError, parseAgentsFile, type ParsedAgent } from './parse-agents-file.ts'
import type { SecretBox } from './secret-box.ts'

interface ImportDeps {
  database: Database
  cache: Pick<CacheService, 'del'>
  secretBox: SecretBox
}

export interface ImportResult {
  created: string[]
  updated: string[]
}

function toResilienceColumns(agent: ParsedAgent) {
  return {
    fallback_agent_ids: JSON.stringify(agent.fallbackAgentIds ?? []),
    max_concurrent: agent.maxConcurrent ?? null,
    hedge_after_ms: agent.hedgeAfterMs ?? null,
  }
}

/** An agent as columns. A key or a switch that it does not mention is left out; an empty key takes the stored one away. */
export function toAgentColumns(agent: ParsedAgent, secretBox: SecretBox) {
  return {
    name: agent.name,
    description: agent.description ?? '',
    provider: agent.provider,
    base_url: agent.baseUrl,
    model: agent.model ?? null,
    app_id: agent.appId ?? null,
    system_prompt: agent.systemPrompt ?? null,
    temperature: agent.temperature ?? null,
    max_tokens: agent.maxTokens ?? null,
    options: JSON.stringify(agent.options ?? {}),
    suggestions: JSON.stringify(agent.suggestions ?? []),
    takes_images: agent.takesImages ?? false,
    takes_files: agent.takesFiles ?? false,
    ...toResilienceColumns(agent),
    ...(agent.isActive === undefined ? {} : { is_active: agent.isActive }),
    ...(agent.isDefault === undefined ? {} : { is_default: agent.isDefault }),
    ...(agent.apiKey === undefined
      ? {}
      : { api_key_sealed: agent.apiKey === '' ? null : secretBox.seal(agent.apiKey, agent.id) }),
  }
}

/** True when the agent is new. */
async function saveAgent(trx: Kysely<DatabaseSchema>, agent: ParsedAgent, secretBox: SecretBox): Promise<boolean> {
  const values = { ...toAgentColumns(agent, secretBox), origin: 'import' as const }
  const row = await trx
    .insertInto('agent_configs')
    .values({ api_key_sealed: null, ...values, id: agent.id })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...values, updated_at: new Date() }))
    .returning(sql<boolean>`xmax = 0`.as('is_new'))
    .executeTakeFirstOrThrow()
  return row.is_new
}

/** Errors: `invalid_request` for a fall-back agent that is neither stored nor among `agents`. */
export async function assertFallbacksExist(trx: Kysely<DatabaseSchema>, agents: readonly ParsedAgent[]): Promise<void> {
  const inFile = new Set(agents.map((agent) => agent.id))
  const named = agents.flatMap((agent) => (agent.fallbackAgentIds ?? []).map((id) => ({ agentId: agent.id, id })))
  const elsewhere = named.filter(({ id }) => !inFile.has(id))
  if (elsewhere.length === 0) return
  const ids = elsewhere.map(({ id }) => id)
  const rows = await trx.selectFrom('agent_configs').select('id').where('id', 'in', ids).execute()
  const known = new Set(rows.map((row) => row.id))
  const problems = elsewhere
    .filter(({ id }) => !known.has(id))
    .map(({ agentId, id }) => `agent "${agentId}": there is no fall-back agent "${id}"`)
  if (problems.length > 0) throw createAgentsFileError(problems)
}

/**
 * Stores the agents of a file's text, by id; it never deletes one. All or nothing. `environment` fills `${NAME}`.
 * Errors: `invalid_request`, see parseAgentsFile; also for a fall-back agent that is neither stored nor in the file.
 */
export async function importAgents(
  deps: ImportDeps,
  file: { text: string; environment: Readonly<Record<string, string | undefined>> },
): Promise<ImportResult> {
  const agents = parseAgentsFile(file.text, file.environment)
  const saved = await deps.database.transaction(async (trx) => {
    await assertFallbacksExist(trx, agents)
    const result: ImportResult = { created: [], updated: [] }
    if (agents.some((agent) => agent.isDefault === true)) {
      await trx.updateTable('agent_configs').set({ is_default: false }).where('is_default', '=', true).execute()
    }
    for (const agent of agents) {
      const isNew = await saveAgent(trx, agent, deps.secretBox)
      result[isNew ? 'created' : 'updated'].push(agent.id)
    }
    return result
  })
  await forgetAgents(deps.cache, [...saved.created, ...saved.updated])
  return saved
}
