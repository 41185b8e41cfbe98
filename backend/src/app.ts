import { createHmac } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { AddressInfo } from 'node:net'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { openAuditPush } from './audit/push/open-audit-push.ts'
import { createAgentRepository } from './agents/agent-repository.ts'
import { createSecretBox } from './agents/secret-box.ts'
import { systemClock } from './base/clock.ts'
import { createFailpoints } from './base/failpoints.ts'
import { createUuidV7 } from './base/ids.ts'
import { createLogger } from './base/logger.ts'
import { watchEventLoop } from './base/watch-event-loop.ts'
import { openMemoryCache, openRedisCache } from './cache/open-cache.ts'
import { findQuestion } from './chat/find-question.ts'
import { hasSession } from './chat/has-session.ts'
import type { CommandRunner } from './cli/commands.ts'
import { appVersion } from './config/app-version.ts'
import type { Config } from './config/config.ts'
import { createAgentChoice } from './create-agent-choice.ts'
import { createDrain } from './create-drain.ts'
import { createReceivers } from './create-receivers.ts'
import { deriveKey } from './data-dir/derive-key.ts'
import { getSecretKey } from './data-dir/get-secret-key.ts'
import type { DataDirLock } from './data-dir/lock-data-dir.ts'
import { migrateDatabase } from './db/migrate.ts'
import { allMigrations } from './db/migrations/all-migrations.ts'
import { openDatabase } from './db/open-database.ts'
import { createAgentHealth } from './generation/create-agent-health.ts'
import { forwardFeedback } from './generation/forward-feedback.ts'
import { openGenerationRoom } from './generation/open-generation-room.ts'
import { openResilience } from './generation/resilience/open-resilience.ts'
import { createGenerationRoutes } from './http/generation-routes.ts'
import { createAuditPushMetrics } from './http/metrics/create-audit-push-metrics.ts'
import { createDatabaseMetrics } from './http/metrics/create-database-metrics.ts'
import { createGenerationMetrics } from './http/metrics/create-generation-metrics.ts'
import { createRequestCounter } from './http/limits/create-request-counter.ts'
import { createResilienceMetrics } from './http/metrics/create-resilience-metrics.ts'
import { openHttpServer } from './http/open-http-server.ts'
import type { RouteRecord } from './http/route-record.ts'
import { forgetDead, listInstances, setDraining } from './instances/instance-repository.ts'
import { openAdministration } from './open-administration.ts'
import { openMaintenance } from './open-maintenance.ts'
import { openMembership } from './open-membership.ts'
import { createScim, openLdap, openOidc } from './open-directory.ts'
import { openSharedState } from './open-shared-state.ts'
import { openUpstreams, wireAgents } from './open-upstreams.ts'
import { getAdapter } from './providers/find-adapter.ts'
import { createQuotaWindows } from './quotas/quota-windows.ts'
import { createQuotas } from './quotas/quotas.ts'
import type { ProviderCall } from './providers/provider-adapter.ts'
import { streamAnswer } from './providers/stream-answer.ts'
import { createStoreCheck } from './uploads/create-store-check.ts'
import { openFileStore } from './uploads/open-file-store.ts'
import { acceptedMediaTypes } from './uploads/detect-content.ts'
import { createUploads } from './uploads/create-uploads.ts'
import { openRedisLink } from './redis/open-redis-link.ts'
import { createUsersDoor } from './users/create-users-door.ts'
import { ensureAdmin } from './users/create-user.ts'
import { openHashingThread } from './users/open-hashing-thread.ts'
import { createPasswordHasher } from './users/password-hasher.ts'
import { createSetUpToken } from './users/set-up-token.ts'

export interface App {
  /** `http://host:port` as it listens. */
  url: string
  /** Where the first administrator is made; null when there is one already. */
  setUpUrl: string | null
  /** Every route and the policy it has. */
  listRoutes(): readonly RouteRecord[]
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

const pagesDir = fileURLToPath(new URL('../../frontend/dist', import.meta.url))

/** The only place where the rooms are joined. Listens when it resolves. */
export async function openApp({ config, lock, createCommandRunner }: AppOptions): Promise<App> {
  const clock = systemClock
  const createId = createUuidV7
  const logger = createLogger({ level: config.logLevel, instanceId: createId() })
  const secret = getSecretKey(config)
  const failpoints = createFailpoints(config.failpoint)
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const databaseMetrics = createDatabaseMetrics(registry)
  const database = await openDatabase(config, {
    logger: logger.child({ room: 'db' }),
    onSlowStatement: (slow) => databaseMetrics.recordSlow(slow),
  })
  await migrateDatabase(database, allMigrations, { logger, appVersion })
  const link = config.redisUrl === null ? null : openRedisLink({ url: config.redisUrl }, { clock, logger })
  const cache = link
    ? openRedisCache({ link, clock }, { isRemembering: config.isCacheEnabled })
    : openMemoryCache({ clock }, { isRemembering: config.isCacheEnabled, isAlone: config.databaseUrl === null })
  const secretBox = createSecretBox(deriveKey(secret, 'agent-keys'))
  const hashing = openHashingThread()
  const passwords = createPasswordHasher(hashing)
  const setUpToken = createSetUpToken()
  const totpSeal = createSecretBox(deriveKey(secret, 'totp'))
  const users = createUsersDoor({ database, cache, clock, createId, passwords, setUpToken, totpSeal }, config)
  if (config.admin) await ensureAdmin({ database, createId, passwords }, { ...config.admin, name: 'Admin' })

  // Loaded on demand: an installation with agents of its own never reads the simulator.
  const openDemoUpstream = async () => (await import('@llmchat/simulator/open-simulator')).openSimulator()
  const upstreams = await openUpstreams(config, { logger, openDemoUpstream })
  const { outbound } = upstreams
  const agentStore = { database, cache, secretBox }
  await wireAgents(config, agentStore, upstreams)
  const agents = createAgentRepository({ ...agentStore, logger })

  const isDisabled = (guard: string): boolean => config.drillDisabled.includes(guard)
  const eventLoop = watchEventLoop()
  const membership = await openMembership(config, { database, clock, createId, logger, version: appVersion })
  const { instance } = membership
  const isOwnershipCertain = (): boolean => instance.isOwnershipCertain()
  const { streamLog, bell } = openSharedState(
    link,
    { tickMs: config.generation.flushMs, isDisabled },
    { clock, logger, isOwnershipCertain },
  )
  const resilience = await openResilience({ config: config.generation, clock, createId, logger, redis: link })
  const agentHealth = createAgentHealth({ clock, findPhase: (agentId) => resilience.breaker.findPhase(agentId) })
  const endUserKey = deriveKey(secret, 'end-user-ids')
  const toEndUserId = (userId: string): string =>
    createHmac('sha256', endUserKey).update(userId).digest('hex').slice(0, 32)

  const fileStore = await openFileStore(config.uploads.store)
  // Chats without files go on all the same.
  const checkFileStore = createStoreCheck({ store: fileStore, clock })
  checkFileStore().catch((error: unknown) => logger.error({ err: error }, 'the file store cannot be used'))
  const uploads = createUploads({ database, store: fileStore, createId, logger }, config.uploads)
  const readFile = (id: string): Promise<Uint8Array> => uploads.readBytes(id)
  type AskOptions = Omit<Parameters<typeof streamAnswer>[2], 'clocks'>
  const askUpstream = (call: ProviderCall, options: AskOptions): ReturnType<typeof streamAnswer> =>
    streamAnswer({ client: outbound, clock, readFile, maxTextChars: config.uploads.maxTextChars }, call, {
      ...options,
      clocks: config.generation,
    })
  const receivers = createReceivers(config.auditPush, { outbound })
  const { administration, access } = openAdministration(
    {
      ...agentStore,
      agents,
      clock,
      createId,
      logger,
      streamAnswer: askUpstream,
      endSession: (userId, sessionId) => generations.endSession(userId, sessionId),
    },
    { ...config, receivers },
  )
  const { findAgent, getAgent, listVisibleAgents } = createAgentChoice({ agents, access })

  const quotas = createQuotas({
    database,
    cache,
    clock,
    ...config.quotas,
    windows: createQuotaWindows(config.quotas.timeZone),
  })
  const generationMetrics = createGenerationMetrics(registry, () => generations.countRunning())
  const resilienceMetrics = createResilienceMetrics(registry, resilience)
  const ringOrphans = (): void => bell.ring('orphans', '')
  const generations = openGenerationRoom({
    config: config.generation,
    clock,
    createId,
    logger: logger.child({ room: 'generation' }),
    failpoints,
    database,
    quotas,
    cache,
    streamLog,
    outbound,
    instanceId: () => instance.id(),
    isOwnershipCertain,
    getAdapter,
    streamAnswer: askUpstream,
    getAgent,
    findAgent,
    hasSession: (userId, sessionId) => hasSession({ database }, userId, sessionId),
    getUploads: (userId, ids) => uploads.getAll(userId, ids),
    toEndUserId,
    eventLoopDelayMs: () => eventLoop.delayMs(),
    ringStop: (generationId) => bell.ring('stop', generationId),
    ringOrphans,
    isDisabled,
    random: Math.random,
    resilience,
    onFellBack: (agent, failure) => {
      const { code, message } = failure
      agentHealth.record(agent.id, { state: 'failed', code, message }, null)
      resilienceMetrics.countFellBack(agent.id, code)
    },
    onEnded: (running, delivery) => {
      agentHealth.record(running.agent.id, delivery, running.timing.firstContentMs)
      generationMetrics.record(running.agent.target.provider, delivery, running.timing.firstContentMs)
    },
  })
  const auditPush = openAuditPush(
    { database, clock, logger: logger.child({ room: 'audit' }), instanceId: () => instance.id() },
    receivers,
  )
  createAuditPushMetrics(registry, auditPush)
  // Before anybody can ask for them.
  if (membership.isAlone) await generations.adoptOrphans()
  const maintenance = openMaintenance({
    ...membership,
    clock,
    logger,
    everyMs: config.heartbeatMs,
    generations,
    ringOrphans,
    forgetDead: () => forgetDead({ database }),
    forgetExpired: async () => {
      await users.deleteExpired()
      await quotas.forget()
    },
    settleLost: async () => {
      await quotas.sweep()
    },
    sweepUploads: () => uploads.sweep(),
  })

  const listAgents = (): ReturnType<typeof agents.listAgents> => agents.listAgents()
  const findAgentHealth = (agentId: string): ReturnType<typeof agentHealth.find> => agentHealth.find(agentId)
  const routes = createGenerationRoutes({
    config,
    clock,
    createId,
    generations,
    getAgent,
    listVisibleAgents,
    findQuestion: (key) => findQuestion({ database }, key),
  })
  const drain = createDrain({
    clock,
    logger,
    config: { ...config.drain, host: config.host },
    server: () => http.server,
    generations,
    moveWatchers: async () => {
      if (await generations.hasOthers()) routes.moveWatchers()
    },
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
    instanceId: () => instance.id(),
    users,
    oidc: openOidc(config, { database, clock, createId, logger, outbound }),
    ldap: openLdap(config, { clock, logger }),
    scim: createScim({ database, cache, clock, createId, forgetAgentAccess: administration.forgetAgentAccess }),
    cache,
    countRequest: createRequestCounter({ clock, link }),
    agents: { listAgents, listVisibleAgents, findAgentHealth },
    administration,
    uploads,
    uploadLimits: {
      ...config.uploads,
      maxFilesPerMessage: config.uploads.maxFiles,
      mediaTypes: [...acceptedMediaTypes],
    },
    instances: {
      listInstances: () => listInstances({ database }, instance.id()),
      setDraining: (id, isDraining) => setDraining({ database }, id, isDraining),
    },
    requireAgent: async (userId, agentId) => {
      await getAgent(userId, agentId)
    },
    endSession: (userId, sessionId) => generations.endSession(userId, sessionId),
    forwardFeedback: (userId, messageId, rating) => {
      forwardFeedback(
        { database, logger, outbound, findAgent, getAdapter, toEndUserId },
        { userId, messageId, rating },
      ).catch((error: unknown) => logger.warn({ err: error }, 'feedback was not forwarded'))
    },
    cli: {
      token: lock?.token ?? null,
      runCommand: createCommandRunner({ config, database, cache, logger, secretBox }),
    },
    opsToken: config.opsToken,
    drain,
    checkFileStore,
    listAuditPushes: receivers.length === 0 ? null : () => auditPush.listStates(),
    isMigrated: () => true,
    isDegraded: () => streamLog.isDegraded(),
    isStarted: () => true,
    extraRoutes: routes.plugins,
  })
  await membership.begin({ generations, drain })
  await bell.onRing('stop', (generationId) => generations.obeyStop(generationId))
  await bell.onRing('orphans', () => {
    generations.adoptOrphans().catch((error: unknown) => logger.warn({ err: error }, 'adoption failed'))
  })
  await http.listen({ host: config.host, port: config.port, backlog: 4096 })
  const { port } = http.server.address() as AddressInfo
  lock?.setPort(port)
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`
  const publicUrl = config.publicUrl ?? url

  async function close(): Promise<void> {
    maintenance.close()
    await instance.markDraining().catch((error: unknown) => logger.warn({ err: error }, 'draining could not be told'))
    await drain.begin({ isFinal: true })
    await generations.close()
    await http.close()
    routes.close()
    eventLoop.close()
    await instance.close().catch((error: unknown) => logger.warn({ err: error }, 'the end could not be told'))
    await auditPush.close()
    await administration.audit.close()
    await resilience.close()
    await streamLog.close()
    await upstreams.close()
    fileStore.close()
    await cache.close()
    await link?.close()
    await hashing.close()
    await database.close()
    lock?.release()
  }

  const setUpUrl = (await users.hasAdmin()) ? null : `${publicUrl}/set-up?token=${setUpToken.token}`
  return { url, setUpUrl, listRoutes: () => http.listRoutes(), close }
}
