import { createAgentRepository, type AgentRepository } from '../agents/agent-repository.ts'
import type { SecretBox } from '../agents/secret-box.ts'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/logger.ts'
import { appVersion } from '../config/app-version.ts'
import type { CacheService } from '../cache/cache-service.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/database.ts'
import { findSchemaState } from '../db/migrate.ts'
import { allMigrations } from '../db/migrations/all-migrations.ts'
import { createOutboundClient } from '../outbound/create-outbound-client.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import { createUrlGuard } from '../outbound/url-guard.ts'
import { checkDatabase } from './check-database.ts'
import { toOk, toProblem, type Check } from './check.ts'

interface CheckStoresDeps {
  database: Database
  cache: CacheService
  secretBox: SecretBox
  logger: Logger
  config: Pick<Config, 'outboundAllowedHosts' | 'providerKeys' | 'databasePoolMax' | 'databaseReplica'>
}

const PING_LIMIT_MS = 5000
const AGENT_LIMIT_MS = 5000
const AGENT_MAX_BYTES = 64_000

async function checkSchema(deps: CheckStoresDeps): Promise<Check> {
  const state = await findSchemaState(deps.database, allMigrations, { appVersion })
  if (state.changed.length > 0 || state.tooNew.length > 0) {
    const names = [...state.changed, ...state.tooNew.map((each) => each.name)].join(', ')
    return toProblem('schema', `does not fit this version (${names})`, 'Run the version that made it, or a later one.')
  }
  if (state.pending.length === 0) return toOk('schema', `up to date (${String(state.applied.length)} migrations)`)
  return toProblem('schema', `${state.pending.join(', ')} not applied yet`, 'Run: npm run llmchat -- migrate')
}

async function checkAgent(outbound: OutboundClient, agents: AgentRepository, agentId: string): Promise<Check> {
  const name = `agent ${agentId}`
  try {
    const found = await agents.findAgentTarget(agentId)
    if (found === null) return toOk(name, 'was deleted just now')
    const { baseUrl } = found.target
    const reply = await outbound.send(
      { method: 'GET', url: baseUrl, headers: {} },
      { totalMs: AGENT_LIMIT_MS, maxBytes: AGENT_MAX_BYTES },
    )
    // Any answer will do: the base of an API is seldom a page, and its endpoints cost money.
    return toOk(name, `${baseUrl} answers (${String(reply.status)})`)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'outbound_blocked') {
      const advice = 'If it is meant to be a private address, add its host:port to OUTBOUND_ALLOWED_HOSTS.'
      return toProblem(name, error.message, advice)
    }
    if (error.code === 'internal') {
      return toProblem(name, error.message, 'Bring that secret back, or give the agent its key again.')
    }
    const advice = 'Check the address, the network and a proxy in between; or switch the agent off.'
    return toProblem(name, `${error.message} (${error.code})`, advice)
  }
}

function openOutbound(deps: CheckStoresDeps): OutboundClient {
  const urlGuard = createUrlGuard({ allowedHosts: deps.config.outboundAllowedHosts })
  const { ollamaUrl } = deps.config.providerKeys
  if (ollamaUrl !== null) urlGuard.allowHostPort(new URL(ollamaUrl).hostname, Number(new URL(ollamaUrl).port))
  return createOutboundClient({ urlGuard, logger: deps.logger })
}

async function checkAgents(deps: CheckStoresDeps): Promise<Check[]> {
  const agents = createAgentRepository(deps)
  // Simulated ones live and end with the server.
  const real = (await agents.listAgents()).filter((agent) => !agent.isDemo)
  if (real.length === 0) return [toOk('agents', 'none but simulated ones')]
  const outbound = openOutbound(deps)
  try {
    return await Promise.all(real.map((agent) => checkAgent(outbound, agents, agent.id)))
  } finally {
    await outbound.close()
  }
}

/** The part of `doctor` that needs the database. */
export async function checkStores(deps: CheckStoresDeps): Promise<Check[]> {
  if (!(await deps.database.ping(PING_LIMIT_MS))) {
    const advice = 'Check that PostgreSQL runs, DATABASE_URL, and the network between.'
    return [toProblem('database', 'does not answer', advice)]
  }
  const schema = await checkSchema(deps)
  const checks = [toOk('database', 'answers'), schema]
  return schema.isOk ? [...checks, ...(await checkDatabase(deps)), ...(await checkAgents(deps))] : checks
}
