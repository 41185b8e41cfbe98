import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import type { Kysely } from 'kysely'
import type { CacheService } from '../cache/cache-service.ts'
import type { Database } from '../db/database.ts'
import type { AgentOrigin, DatabaseSchema } from '../db/schema.ts'
import { forgetAgents } from './forget-agents.ts'
import type { SecretBox } from './secret-box.ts'

/** An agent that the program itself brings. */
export interface WiredInAgent {
  id: string
  name: string
  description: string
  provider: ProviderName
  baseUrl: string
  apiKey: string | null
  model: string | null
  suggestions: string[]
  options: Record<string, unknown>
  takesImages: boolean
  takesFiles: boolean
}

interface WireInDeps {
  database: Database
  cache: Pick<CacheService, 'del'>
  secretBox: SecretBox
}

async function saveWiredIn(
  trx: Kysely<DatabaseSchema>,
  agent: WiredInAgent,
  context: { secretBox: SecretBox; origin: AgentOrigin },
): Promise<void> {
  const values = {
    description: agent.description,
    provider: agent.provider,
    base_url: agent.baseUrl,
    api_key_sealed: agent.apiKey === null ? null : context.secretBox.seal(agent.apiKey, agent.id),
    model: agent.model,
    options: JSON.stringify(agent.options),
    suggestions: JSON.stringify(agent.suggestions),
    updated_at: new Date(),
  }
  await trx
    .insertInto('agent_configs')
    .values({
      ...values,
      id: agent.id,
      name: agent.name,
      origin: context.origin,
      takes_images: agent.takesImages,
      takes_files: agent.takesFiles,
    })
    // What an administrator may have changed (name, switch, default) stays; an import that took the id over, too.
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(values).where('agent_configs.origin', '=', context.origin),
    )
    .execute()
}

/** Somebody who opens a new chat needs a first choice; a real agent is a better one than a simulated one. */
async function ensureDefault(trx: Kysely<DatabaseSchema>): Promise<void> {
  const rows = await trx
    .selectFrom('agent_configs')
    .select(['id', 'origin', 'is_default'])
    .where('is_active', '=', true)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  if (rows.some((row) => row.is_default)) return
  const choice = rows.find((row) => row.origin !== 'demo') ?? rows[0]
  if (choice === undefined) return
  await trx.updateTable('agent_configs').set({ is_default: true }).where('id', '=', choice.id).execute()
}

/** A simulator that is off and a key that has left the environment must not be offered any more. */
async function deleteGone(
  trx: Kysely<DatabaseSchema>,
  origin: 'demo' | 'environment',
  agents: readonly WiredInAgent[],
): Promise<string[]> {
  const present = new Set(agents.map((agent) => agent.id))
  const rows = await trx
    .selectFrom('agent_configs')
    .select(['id', 'api_key_sealed'])
    .where('origin', '=', origin)
    .execute()
  // One without a key (Ollama) is only away for now, and what an administrator set on it must outlive that.
  const gone = rows.filter((row) => !present.has(row.id) && (origin === 'demo' || row.api_key_sealed !== null))
  for (const row of gone) await trx.deleteFrom('agent_configs').where('id', '=', row.id).execute()
  return gone.map((row) => row.id)
}

/**
 * Makes the stored agents of one origin those of the list: new ones come, known ones get the address and key of this
 * start (not their name and switches, which are the administrators'), and those that are no longer there go.
 */
export async function wireInAgents(
  deps: WireInDeps,
  origin: 'demo' | 'environment',
  agents: readonly WiredInAgent[],
): Promise<void> {
  const gone = await deps.database.transaction(async (trx) => {
    const ids = await deleteGone(trx, origin, agents)
    for (const agent of agents) await saveWiredIn(trx, agent, { secretBox: deps.secretBox, origin })
    await ensureDefault(trx)
    return ids
  })
  await forgetAgents(deps.cache, [...gone, ...agents.map((agent) => agent.id)])
}
