import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import type { Delivery } from '@llmchat/protocol/chat-event'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { Failpoints } from '../base/failpoints.ts'
import type { CreateId } from '../base/ids.ts'
import type { Logger } from '../base/logger.ts'
import { findConversationTail, getAcceptContext } from '../chat/accept-context.ts'
import { writeAccepted } from '../chat/write-accepted.ts'
import type { CacheService } from '../cache/cache-service.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/database.ts'
import type { Quotas, TokenEstimate } from '../quotas/quotas.ts'
import type { OutboundClient, OutboundReply, OutboundRequest } from '../outbound/outbound-client.ts'
import type { ProviderAdapter } from '../providers/provider-adapter.ts'
import type { StreamLog } from '../stream-log/stream-log.ts'
import type { AttemptDeps } from './attempt-answer.ts'
import { chooseStream, type StreamQuestion } from './choose-stream.ts'
import { createConversationGate } from './conversation-gate.ts'
import { findJob } from './find-job.ts'
import type { FollowRequest, FollowViewer } from './follower.ts'
import type { AgentChoice } from './generation-job.ts'
import * as repository from './generation-repository.ts'
import { openAdoption, type Adoption } from './open-adoption.ts'
import { openFollowers } from './open-followers.ts'
import { openGenerationEngine } from './open-generation-engine.ts'
import * as ownership from './ownership-repository.ts'
import type { Resilience } from './resilience/open-resilience.ts'
import type { RunDeps } from './run-generation.ts'
import type { RunningGeneration } from './running-generation.ts'
import type { SendMessage } from './send-message.ts'
import { startGeneration, type StartDeps, type StartedGeneration } from './start-generation.ts'
import { startV1Generation, type StartedV1, type V1Call } from './start-v1-generation.ts'
import { stopGeneration, type StopResult } from './stop-generation.ts'
import { createSessionMemory } from './session-memory.ts'
import { sweepLogs } from './sweep-logs.ts'
import { waitOrEnd } from './wait-or-end.ts'

export interface GenerationRoomDeps {
  config: Config['generation']
  clock: Clock
  createId: CreateId
  logger: Logger
  failpoints: Failpoints
  database: Database
  quotas: Pick<Quotas, 'reserve'>
  cache: Pick<CacheService, 'get' | 'set'>
  streamLog: StreamLog
  outbound: OutboundClient
  instanceId: () => string
  /** Nobody can have declared this instance dead. */
  isOwnershipCertain: () => boolean
  getAdapter: (provider: ProviderName) => ProviderAdapter
  streamAnswer: AttemptDeps['streamAnswer']
  /** Throws `agent_not_found`, also where this person may not see it, `agent_inactive`; null: the default agent. */
  getAgent: (userId: string, agentId: string | null) => Promise<AgentChoice>
  /** Whether active or not; null when deleted. */
  findAgent: (agentId: string) => Promise<AgentChoice | null>
  hasSession: (userId: string, sessionId: string) => Promise<boolean>
  /** In the order of the ids. Throws `upload_not_found`. */
  getUploads: StartDeps['getUploads']
  toEndUserId: (userId: string) => string
  /** How late the event loop runs, ms. */
  eventLoopDelayMs: () => number
  /** Wakes the owner of a generation that shall stop, wherever it is. */
  ringStop: (generationId: string) => void
  /** Wakes others to take over what this instance gave up. */
  ringOrphans: () => void
  /** For drills: what an instance leaves undone. */
  isDisabled: (guard: 'adoption' | 'sweeper') => boolean
  random: () => number
  resilience: Resilience
  onFellBack: RunDeps['onFellBack']
  onEnded: (running: RunningGeneration, delivery: Delivery) => void
}

/** The doors of the generation room. */
export interface GenerationRoom extends Adoption {
  startGeneration(message: SendMessage): Promise<StartedGeneration>
  startV1(call: V1Call): Promise<StartedV1>
  stopGeneration(key: { userId: string; sessionId: string; generationId: string | null }): Promise<StopResult>
  chooseStream(question: StreamQuestion): Promise<FollowRequest | null>
  followGeneration(request: FollowRequest, viewer: FollowViewer): Promise<() => void>
  /** Ends what this instance runs for a chat that is about to be deleted. */
  endSession(userId: string, sessionId: string): Promise<void>
  /** The only client of a `/v1` call is gone: ends it after a grace. */
  abandon(generationId: string): void
  /** Stops those of this instance that somebody wanted stopped elsewhere. */
  obeyStops(): Promise<void>
  /** The same for one, of which the bell told. */
  obeyStop(generationId: string): void
  /** Says that the logs of what runs here are still being written. */
  renewLogs(): Promise<void>
  /** This instance was declared dead: others own all that it ran. */
  dropAll(): void
  sweepLogs(): Promise<void>
  countRunning(): number
  /** Whether another instance could go on with what this one runs. */
  hasOthers(): Promise<boolean>
  /** Refuses new work, waits for what runs; what is left others go on with, or it ends as interrupted. */
  drain(options: { finishMs: number }): Promise<void>
  /** After a drain that was called off. */
  resume(): void
  close(): Promise<void>
}

const stopRequestMs = 5_000
const abandonMs = 10_000
const sweepAfterMs = 5_000
const ownershipRetryMs = 500
const maxReplyBytes = 8 * 1024 * 1024
const poll = { everyMs: 2_000, times: 30 }
/** While this instance is full or too busy, a client should wait about this long. */
const overloadRetryMs = 2_000

/** Wires the engine to its database statements, log and adapters. */
export function openGenerationRoom(deps: GenerationRoomDeps): GenerationRoom {
  const { database, clock, config } = deps
  const store = { database }
  const sessions = createSessionMemory(deps.cache)
  let isDraining = false

  const engine = openGenerationEngine({
    ...deps,
    poll,
    withConversation: createConversationGate(),
    findConversationTail: (userId, sessionId, conversationId) =>
      findConversationTail(store, { userId, sessionId, conversationId }),
    sendQuietly: async (request) => ((await sendQuietly(deps, request))?.status ?? 500) < 300,
    findActiveAgent: (userId, agentId) => findActiveAgent(deps, userId, agentId),
    confirmOwnership: (running) => confirmOwnership(deps, running),
    fetchQuietly: (request) => sendQuietly(deps, request),
    commitFinal: (final) => repository.commitFinal(store, final),
    saveCheckpoints: (checkpoints) => repository.saveCheckpoints(store, checkpoints),
    closeLogs: (generationIds) => repository.closeLogs(store, generationIds),
    release: (owned) => ownership.releaseGenerations(store, owned, { isLoss: false }),
    totalMs: config.totalMs,
    checkpointMs: config.checkpointMs,
    logTtlMs: config.logTtlMs,
    retryAttempts: config.retryAttempts,
  })

  function assertHasRoom(): void {
    if (isDraining) throw new AppError('draining', { retryAfterMs: overloadRetryMs })
    if (deps.eventLoopDelayMs() > config.overloadDelayMs || engine.list().length >= config.maxRunning)
      throw new AppError('overloaded', { retryAfterMs: overloadRetryMs })
  }

  const find = {
    findGeneration: (userId: string, id: string) => repository.findGeneration(store, userId, id),
    findNewestGeneration: (userId: string, id: string) => repository.findNewestGeneration(store, userId, id),
  }
  const startDeps = {
    ...deps,
    assertHasRoom,
    getAgent: async (userId: string, agentId: string | null) =>
      assertCanWait(deps, await deps.getAgent(userId, agentId)),
    getAcceptContext: (question: Parameters<typeof getAcceptContext>[1]) => getAcceptContext(store, question),
    writeAccepted: (rows: Parameters<typeof writeAccepted>[1], toEstimate: () => TokenEstimate) =>
      deps.quotas.reserve(toEstimate, (addition) => writeAccepted(store, rows, addition)),
    findPartialText: (userId: string, id: string) => repository.findPartialText(store, userId, id),
    findGenerationByKey: (userId: string, key: string) => repository.findGenerationByKey(store, userId, key),
    rememberSession: (place: Parameters<typeof sessions.remember>[0]) => sessions.remember(place),
    run: engine.run.bind(engine),
  }
  const adoption = openAdoption({
    ...deps,
    findJob: (row) => findJob(startDeps, row),
    resume: engine.resume.bind(engine),
    conclude: engine.conclude.bind(engine),
    runsHere: (id) => engine.find(id) !== null,
    mayAdopt: () => !isDraining && !deps.isDisabled('adoption'),
  })
  const followers = openFollowers({
    ...deps,
    ...find,
    listGenerations: (ids) => repository.listGenerations(store, ids),
    isLocal: (id) => engine.find(id) !== null,
    findLocalSnapshot: (id) => engine.find(id)?.writer.snapshot() ?? null,
  })

  const chooseDeps = {
    ...find,
    hasSession: deps.hasSession,
    recallSession: (userId: string, generationId: string) => sessions.recall(userId, generationId),
    isGoingOn: async (generationId: string) => {
      const state = await deps.streamLog.findState(generationId).catch(() => null)
      return state !== null && !state.isClosed
    },
  }

  return {
    ...adoption,
    startGeneration: (message) => startGeneration(startDeps, message),
    startV1: (call) => startV1Generation(startDeps, call),
    stopGeneration: (key) =>
      stopGeneration(
        {
          ...deps,
          ...find,
          findLocal: (id) => engine.find(id),
          requestStop: (one) => repository.requestStop(store, one),
        },
        key,
      ),
    chooseStream: (question) => chooseStream(chooseDeps, question),
    followGeneration: (request, viewer) => followers.follow(request, viewer),
    async endSession(userId, sessionId) {
      const own = engine.list().filter(({ job }) => job.userId === userId && job.sessionId === sessionId)
      for (const one of own) one.end('stop')
      await Promise.all(own.map((one) => one.ended))
    },
    abandon(generationId) {
      clock.setTimer(abandonMs, () => engine.find(generationId)?.end('stop'))
    },
    async obeyStops() {
      for (const id of await ownership.listStopRequested(store, deps.instanceId())) engine.find(id)?.end('stop')
    },
    obeyStop: (generationId) => engine.find(generationId)?.end('stop'),
    renewLogs: () => deps.streamLog.renew(engine.list().map(({ job }) => job.generationId)),
    dropAll: () => engine.dropAll(),
    sweepLogs: async () => {
      if (deps.isDisabled('sweeper')) return
      await sweepLogs({
        ...deps,
        listOpenLogs: () => repository.listOpenLogs(store, sweepAfterMs),
        closeLogs: (ids) => repository.closeLogs(store, ids),
      })
    },
    countRunning: () => engine.list().length,
    hasOthers: () => ownership.hasOtherOwners(store, deps.instanceId()),
    async drain({ finishMs }) {
      isDraining = true
      await settleWithin(clock, engine.list(), finishMs)
      if (engine.list().length === 0 || deps.streamLog.isDegraded()) return
      if (!(await ownership.hasOtherOwners(store, deps.instanceId()))) return
      await engine.handOver()
      deps.ringOrphans()
    },
    resume() {
      isDraining = false
    },
    async close() {
      isDraining = true
      await engine.close()
      followers.close()
    },
  }
}

/** An instance that slept may act for answers that are others' by now: before it touches their upstream, it asks. */
async function confirmOwnership(deps: GenerationRoomDeps, running: RunningGeneration): Promise<void> {
  const { generationId, fence } = running.job
  while (running.endReason === null && !deps.isOwnershipCertain()) {
    const isOwned = await ownership.isOwned(deps, generationId, fence).catch(() => null)
    if (isOwned) return
    if (isOwned === false) running.end('superseded')
    else await waitOrEnd(deps.clock, ownershipRetryMs, running.signal)
  }
}

/** Refused before it is accepted, so that the sender keeps it: nothing is written of a question with no place to wait. */
function assertCanWait(deps: GenerationRoomDeps, agent: AgentChoice): AgentChoice {
  const { fallbackAgentIds, maxConcurrent } = agent.resilience
  const isFull = deps.resilience.bulkhead.isFull({ id: agent.id, maxConcurrent })
  if (isFull && fallbackAgentIds.length === 0) throw new AppError('too_many_waiting', { retryAfterMs: overloadRetryMs })
  return agent
}

async function findActiveAgent(deps: GenerationRoomDeps, userId: string, agentId: string): Promise<AgentChoice | null> {
  try {
    return await deps.getAgent(userId, agentId)
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

async function settleWithin(clock: Clock, running: readonly RunningGeneration[], limitMs: number): Promise<void> {
  if (running.length === 0) return
  await new Promise<void>((resolve) => {
    const cancel = clock.setTimer(limitMs, resolve)
    void Promise.all(running.map((one) => one.ended)).then(() => {
      cancel()
      resolve()
    })
  })
}

async function sendQuietly(deps: GenerationRoomDeps, request: OutboundRequest): Promise<OutboundReply | null> {
  try {
    return await deps.outbound.send(request, { totalMs: stopRequestMs, maxBytes: maxReplyBytes })
  } catch (error) {
    deps.logger.warn({ err: error }, 'side request to an upstream failed')
    return null
  }
}
