import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { AddressInfo } from 'node:net'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { createAgentRepository } from './agents/agent-repository.ts'
import { createDemoAgents } from './agents/demo-agents.ts'
import { findEnvironmentAgents } from './agents/environment-agents.ts'
import { importAgents } from './agents/import-agents.ts'
import { createSecretBox } from './agents/secret-box.ts'
import { wireInAgents } from './agents/wired-in-agents.ts'
import { AppError } from './base/app-error.ts'
import { systemClock } from './base/clock.ts'
import { createFailpoints } from './base/failpoints.ts'
import { createUuidV7 } from './base/ids.ts'
import { createLogger, type Logger } from './base/logger.ts'
import { watchEventLoop } from './base/watch-event-loop.ts'
import { findQuestion } from './chat/find-question.ts'
import { hasSession } from './chat/has-session.ts'
import { appVersion } from './config/app-version.ts'
import type { Config } from './config/config.ts'
import { readEnvironment } from './config/env.ts'
import { deriveKey } from './data-dir/derive-key.ts'
import { getSecretKey } from './data-dir/get-secret-key.ts'
import type { DataDirLock } from './data-dir/lock-data-dir.ts'
import { migrateDatabase } from './db/migrate.ts'
import { allMigrations } from './db/migrations/all-migrations.ts'
import { openDatabase } from './db/open-database.ts'
import { createAgentHealth } from './generation/create-agent-health.ts'
import { forwardFeedback } from './generation/forward-feedback.ts'
import type { AgentChoice } from './generation/generation-job.ts'
import { openGenerationRoom } from './generation/open-generation-room.ts'
import { createGenerationRoutes } from './http/generation-routes.ts'
import { createGenerationMetrics } from './http/metrics/create-generation-metrics.ts'
import { openHttpServer } from './http/open-http-server.ts'
import { createOwnerWatch, soleOwnerWatch } from './instances/create-owner-watch.ts'
import { openInstance } from './instances/open-instance.ts'
import { openMaintenance } from './open-maintenance.ts'
import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import type { OutboundClient } from './outbound/outbound-client.ts'
import { createOutboundClient } from './outbound/create-outbound-client.ts'
import { createUrlGuard } from './outbound/url-guard.ts'
import { getAdapter } from './providers/find-adapter.ts'
import { streamAnswer } from './providers/stream-answer.ts'
import { openMemoryStreamLog } from './stream-log/memory-stream-log.ts'
import { createUsersDoor } from './users/create-users-door.ts'
import { ensureAdmin } from './users/create-user.ts'
import { createPasswordHasher } from './users/password-hasher.ts'
import { createSetUpToken } from './users/set-up-token.ts'
import type { CommandRunner } from './cli/commands.ts'

export interface App {
  /** `http://host:port` as it listens. */
  url: string
  /** Where the first administrator is made; null when there is one already. */
  setUpUrl: string | null
  /** Drains and closes everything, in order. */
  close(): Promise<void>
}

interface AppOptions {
  config: Config
  /** Of the data folder; null with PostgreSQL. */
  lock: DataDirLock | null
  /** Runs command lines that arrive while the server holds the data folder. */
  createCommandRunner: CommandRunner
}

const deadAfterMs = 5_000
const pagesDir = fileURLToPath(new URL('../../frontend/dist', import.meta.url))

/** The only place where the rooms are joined. Listens when it resolves. */
export async function openApp({ config, lock, createCommandRunner }: AppOptions): Promise<App> {
  const clock = systemClock
  const createId = createUuidV7
  const bootId = createId()
  const logger = createLogger({ level: config.logLevel, instanceId: bootId })
  const secret = getSecretKey(config)
  const failpoints = createFailpoints(config.failpoint)
  const database = await openDatabase(config, { logger })
  await migrateDatabase(database, allMigrations, { logger, appVersion })
  const secretBox = createSecretBox(deriveKey(secret, 'agent-keys'))
  const passwords = createPasswordHasher()
  const setUpToken = createSetUpToken()
  const users = createUsersDoor({ database, clock, createId, passwords, setUpToken }, config)
  if (config.admin) await ensureAdmin({ database, createId, passwords }, { ...config.admin, name: 'Admin' })

  const upstreams = await openUpstreams(config, logger)
  const { outbound } = upstreams
  const agentStore = { database, secretBox }
  await wireAgents(config, agentStore, upstreams)
  const agents = createAgentRepository({ ...agentStore, logger })
  const agentHealth = createAgentHealth({ clock })

  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const streamLog = openMemoryStreamLog({ clock })
  const instance = await openInstance({
    database,
    clock,
    createId,
    logger,
    version: appVersion,
    everyMs: config.heartbeatMs,
  })
  const eventLoop = watchEventLoop()
  const endUserKey = deriveKey(secret, 'end-user-ids')
  const toEndUserId = (userId: string): string =>
    createHmac('sha256', endUserKey).update(userId).digest('hex').slice(0, 32)

  async function findAgent(agentId: string): Promise<AgentChoice | null> {
    const found = await agents.findAgentTarget(agentId)
    return found && { id: found.agent.id, name: found.agent.name, target: found.target }
  }

  async function getAgent(agentId: string | null): Promise<AgentChoice> {
    const id = agentId ?? (await agents.listAgents())[0]?.id
    if (id === undefined) throw new AppError('agent_not_found', { message: 'No agent is set up yet.' })
    const { agent, target } = await agents.getActiveTarget(id)
    return { id: agent.id, name: agent.name, target }
  }

  const generationMetrics = createGenerationMetrics(registry, () => generations.countRunning())
  const generations = openGenerationRoom({
    config: config.generation,
    clock,
    createId,
    logger: logger.child({ room: 'generation' }),
    failpoints,
    database,
    streamLog,
    outbound,
    instanceId: () => instance.id,
    getAdapter,
    streamAnswer: (call, options) =>
      streamAnswer({ client: outbound, clock }, call, { ...options, clocks: config.generation }),
    getAgent,
    findAgent,
    hasSession: (userId, sessionId) => hasSession({ database }, userId, sessionId),
    toEndUserId,
    isOverloaded: () => eventLoop.delayMs() > config.generation.overloadDelayMs,
    random: Math.random,
    onEnded: (running, delivery) => {
      agentHealth.record(running.job.agent.id, delivery, running.timing.firstContentMs)
      generationMetrics.record(running.job.agent.target.provider, delivery, running.timing.firstContentMs)
    },
  })
  const isEmbedded = config.databaseUrl === null
  const watch = isEmbedded ? soleOwnerWatch : createOwnerWatch({ database, clock, deadAfterMs })
  // Before anybody can ask for them; what is more than one round takes over comes with the maintenance.
  if (isEmbedded) await generations.adoptLost((owner) => watch.isLost(owner))
  const maintenance = openMaintenance({
    clock,
    logger,
    everyMs: config.heartbeatMs,
    generations,
    watch,
  })

  const drain = { isDraining: false, isRefusing: false }
  const listAgents = (): ReturnType<typeof agents.listAgents> => agents.listAgents()
  const findAgentHealth = (agentId: string): ReturnType<typeof agentHealth.find> => agentHealth.find(agentId)
  const routes = createGenerationRoutes({
    config,
    clock,
    createId,
    generations,
    getAgent,
    listAgents,
    findQuestion: (key) => findQuestion({ database }, key),
  })
  const http = await openHttpServer({
    config,
    logger,
    clock,
    createId,
    database,
    serverSecret: deriveKey(secret, 'csrf'),
    metricsRegistry: registry,
    pagesDir,
    version: appVersion,
    instanceId: instance.id,
    users,
    agents: { listAgents, findAgentHealth },
    requireAgent: async (agentId) => {
      await agents.getActiveTarget(agentId)
    },
    endSession: (userId, sessionId) => generations.endSession(userId, sessionId),
    forwardFeedback: (userId, messageId, rating) => {
      forwardFeedback(
        { database, logger, outbound, findAgent, getAdapter, toEndUserId },
        { userId, messageId, rating },
      ).catch((error: unknown) => logger.warn({ err: error }, 'feedback was not forwarded'))
    },
    cli: { token: lock?.token ?? null, runCommand: createCommandRunner({ config, database, logger, secretBox }) },
    opsToken: config.opsToken,
    drain: { isDraining: () => drain.isDraining, isRefusing: () => drain.isRefusing },
    isMigrated: () => true,
    isDegraded: () => false,
    isStarted: () => true,
    extraRoutes: routes.plugins,
  })
  await http.listen({ host: config.host, port: config.port, backlog: 4096 })
  const { port } = http.server.address() as AddressInfo
  lock?.setPort(port)
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`
  const publicUrl = config.publicUrl ?? url

  async function close(): Promise<void> {
    drain.isDraining = true
    await instance.markDraining().catch((error: unknown) => logger.warn({ err: error }, 'draining could not be told'))
    await new Promise((resolve) => setTimeout(resolve, config.drain.acceptMs))
    drain.isRefusing = true
    maintenance.close()
    await generations.close({ finishMs: config.drain.finishMs })
    await http.close()
    routes.close()
    eventLoop.close()
    await instance.close().catch((error: unknown) => logger.warn({ err: error }, 'the end could not be told'))
    await streamLog.close()
    await upstreams.close()
    await database.close()
    lock?.release()
  }

  const setUpUrl = (await users.hasAdmin()) ? null : `${publicUrl}/set-up?token=${setUpToken.token}`
  return { url, setUpUrl, close }
}

interface Upstreams {
  outbound: OutboundClient
  /** Base URLs of the simulated agents' upstreams; null where there are none. */
  toDemoBaseUrl: ((provider: ProviderName) => string) | null
  close(): Promise<void>
}

/** The way out, and where it leads on this machine: the demo agents' upstream and a local Ollama are wired in. */
async function openUpstreams(config: Config, logger: Logger): Promise<Upstreams> {
  const urlGuard = createUrlGuard({ allowedHosts: config.outboundAllowedHosts })
  const outbound = createOutboundClient({ urlGuard, logger, gatherMs: config.generation.flushMs })
  const allow = (url: string): void => {
    const { hostname, port } = new URL(url)
    urlGuard.allowHostPort(hostname, Number(port))
  }
  if (config.providerKeys.ollamaUrl !== null) allow(config.providerKeys.ollamaUrl)
  if (!config.isDemoEnabled) return { outbound, toDemoBaseUrl: null, close: () => outbound.close() }
  // Loaded on demand: an installation with agents of its own never reads it.
  const { openSimulator } = await import('@llmchat/simulator/open-simulator')
  const simulator = await openSimulator()
  allow(simulator.url)
  return {
    outbound,
    toDemoBaseUrl: (provider) => simulator.baseUrl(provider),
    async close() {
      await outbound.close()
      await simulator.close()
    },
  }
}

async function wireAgents(config: Config, store: AgentStore, upstreams: Upstreams): Promise<void> {
  const { outbound, toDemoBaseUrl } = upstreams
  await wireInAgents(store, 'demo', toDemoBaseUrl ? createDemoAgents(toDemoBaseUrl) : [])
  await wireInAgents(store, 'environment', await findEnvironmentAgents({ outbound }, config.providerKeys))
  if (config.agentsFile === null) return
  await importAgents(store, { text: await readFile(config.agentsFile, 'utf8'), environment: readEnvironment() })
}

type AgentStore = Parameters<typeof importAgents>[0]
