import type { Delivery } from '@llmchat/protocol/chat-event'
import type { ProviderAbilities, ProviderAdapter, ProviderCall } from '../providers/provider-adapter.ts'
import { toFailure } from '../providers/provider-failure.ts'
import type { ProviderFailure } from '../providers/provider-part.ts'
import { attemptAnswer, type AttemptDeps, type AttemptResult } from './attempt-answer.ts'
import { toBackOffMs } from './back-off.ts'
import type { AgentChoice } from './generation-job.ts'
import { findParentConversation, planCall } from './plan-call.ts'
import { toBreakerOutcome } from './resilience/classify-failure.ts'
import { hedgeStream } from './resilience/hedge-stream.ts'
import type { BreakerPermit, BreakerRefusal } from './resilience/open-circuit-breaker.ts'
import type { Resilience } from './resilience/open-resilience.ts'
import type { RunningGeneration } from './running-generation.ts'
import { toEnd } from './to-end.ts'
import { waitOrEnd } from './wait-or-end.ts'

export interface AskDeps extends AttemptDeps {
  resilience: Pick<Resilience, 'breaker' | 'bulkhead' | 'budget'>
  getAdapter: (provider: ProviderCall['target']['provider']) => ProviderAdapter
  /** Ends it as superseded where another instance has taken over; waits for the database where that is in doubt. */
  confirmOwnership: (running: RunningGeneration) => Promise<void>
  /** Stop and remove requests to the upstream; true when it was answered 2xx. */
  sendQuietly: (request: NonNullable<ReturnType<ProviderAdapter['toStopRequest']>>) => Promise<boolean>
  findConversationTail: (userId: string, sessionId: string, conversationId: string) => Promise<string | null>
  /** Opaque and stable per person. */
  toEndUserId: (userId: string) => string
  /** One answer at a time per upstream conversation. */
  withConversation: <T>(key: string | null, signal: AbortSignal, work: () => Promise<T>) => Promise<T>
  random: () => number
  retryAttempts: number
}

/** Where too many wait, asking again sooner is pointless. */
const fullRetryMs = 5_000

/** `failed`: this agent is given up. Another one may be asked where nothing was shown. */
export type AskResult = { kind: 'end'; delivery: Delivery } | { kind: 'failed'; failure: ProviderFailure }

/** Where the asking of one agent stands. */
interface Asking {
  agent: AgentChoice
  adapter: ProviderAdapter
  /** The upstream's conversation to go on in; null: a new one that carries the history. */
  conversationId: string | null
  canContinue: boolean
}

/** Waits for a place among the agent's answers, and holds it until its last stream is over. */
export async function askAgent(
  deps: AskDeps,
  running: RunningGeneration,
  agent: AgentChoice,
  options: { isFork: boolean },
): Promise<AskResult> {
  const { bulkhead } = deps.resilience
  const told: number[] = []
  const entry = await bulkhead.enter(toLimited(agent), running.signal, (queuePosition) => {
    told.push(queuePosition)
    running.writer.write({ type: 'data-delivery', data: { state: 'accepted', queuePosition } })
  })
  if (entry.kind === 'ended') return { kind: 'end', delivery: toEnd(running) }
  if (entry.kind === 'full')
    return { kind: 'failed', failure: toFailure('too_many_waiting', { retryAfterMs: fullRetryMs }) }
  try {
    if (told.length > 0) running.writer.write({ type: 'data-delivery', data: { state: 'accepted' } })
    return await attemptUntilOver(deps, running, await startAsking(deps, running, agent, options))
  } finally {
    entry.release()
  }
}

async function startAsking(
  deps: AskDeps,
  running: RunningGeneration,
  agent: AgentChoice,
  options: { isFork: boolean },
): Promise<Asking> {
  const adapter = deps.getAdapter(agent.target.provider)
  const canContinue = running.job.continueText !== null && adapter.canContinue(agent.target)
  const conversationId = options.isFork ? null : await findConversation(deps, running, agent, adapter.abilities)
  return { agent, adapter, canContinue, conversationId }
}

async function attemptUntilOver(deps: AskDeps, running: RunningGeneration, asking: Asking): Promise<AskResult> {
  const { agent } = asking
  const { breaker, budget } = deps.resilience
  let lastFailure: ProviderFailure | null = null
  for (let retries = 0; ;) {
    const permit = await breaker.admit(agent)
    // What this very question met says more than that the circuit is open since.
    if (permit.kind === 'refused') return { kind: 'failed', failure: lastFailure ?? toRefusal(permit) }
    if (lastFailure === null) {
      takeOver(running, agent)
      budget.noteRequest(agent.id)
    }
    const call = planNext(deps, running, asking)
    const result = await attemptOnce(deps, running, asking, call, permit)
    if (result.kind === 'finished') return toResult({ state: 'complete', finishReason: result.reason })
    if (result.kind === 'failed') await deps.confirmOwnership(running)
    await stopUpstream(deps, running, asking.adapter, call)
    if (result.kind === 'ended' || running.signal.aborted) return toResult(toEnd(running))
    lastFailure = result.failure
    if (running.hasContent) return { kind: 'failed', failure: lastFailure }
    if (asksInWords(asking, call, lastFailure)) continue
    const delayMs = retries < deps.retryAttempts ? findDelayMs(deps, retries + 1, lastFailure) : null
    if (delayMs === null || !(await mayRetry(deps, running, asking, call, result)))
      return { kind: 'failed', failure: lastFailure }
    retries += 1
    await waitOrEnd(deps.clock, delayMs, running.signal)
    if (running.endReason !== null) return toResult(toEnd(running))
  }
}

function toResult(delivery: Delivery): AskResult {
  return { kind: 'end', delivery }
}

/** An agent that takes no beginning of an answer may still go on from one when it is asked in words; once. */
function asksInWords(asking: Asking, call: ProviderCall, failure: ProviderFailure): boolean {
  if (failure.code !== 'upstream_rejected' || call.continueFrom === null) return false
  asking.canContinue = false
  return true
}

async function attemptOnce(
  deps: AskDeps,
  running: RunningGeneration,
  asking: Asking,
  call: ProviderCall,
  permit: BreakerPermit,
): Promise<AttemptResult> {
  const key = call.upstream.conversationId ? `${asking.agent.id}:${call.upstream.conversationId}` : null
  const streamAnswer = toStreamAnswer(deps, running, asking, permit)
  try {
    const result = await deps.withConversation(key, running.signal, () =>
      attemptAnswer({ ...deps, streamAnswer }, running, call, {
        onContent: () => permit.settle({ kind: 'answered' }),
      }),
    )
    if (result.kind === 'finished') permit.settle({ kind: 'answered' })
    if (result.kind === 'failed') permit.settle(toBreakerOutcome(result.failure))
    return result
  } finally {
    // On every way out: a probe that nobody settles would keep the circuit from closing until its lease ends.
    permit.settle({ kind: 'unknown' })
  }
}

/** With a second request that races the first, where the agent wants one and may have one. */
function toStreamAnswer(
  deps: AskDeps,
  running: RunningGeneration,
  asking: Asking,
  permit: BreakerPermit,
): AttemptDeps['streamAnswer'] {
  const { agent, adapter } = asking
  const { hedgeAfterMs } = agent.resilience
  if (hedgeAfterMs === null || adapter.abilities.isStateful || permit.isProbe) return deps.streamAnswer
  const { bulkhead, budget } = deps.resilience
  return (call, options) =>
    hedgeStream(
      {
        clock: deps.clock,
        streamAnswer: deps.streamAnswer,
        hedgeAfterMs,
        openSecond() {
          const slot = bulkhead.tryEnter(toLimited(agent))
          if (!slot) return null
          if (budget.take(agent.id)) return { call: planNext(deps, running, asking), onDecided: () => slot.release() }
          slot.release()
          return null
        },
        onLost(lostCall, ids) {
          const stop = adapter.toStopRequest(lostCall, ids)
          if (stop) void deps.sendQuietly(stop)
        },
      },
      call,
      options,
    )
}

function planNext(deps: AskDeps, running: RunningGeneration, asking: Asking): ProviderCall {
  running.attempts += 1
  return planCall(running.job, {
    agent: asking.agent,
    attempt: running.attempts,
    isStateful: asking.adapter.abilities.isStateful,
    canContinue: asking.canContinue,
    conversationId: asking.conversationId,
    endUserId: deps.toEndUserId(running.job.userId),
  })
}

/** From here on the answer is this agent's. The log says so before the agent is asked: an adopter must know whom. */
function takeOver(running: RunningGeneration, agent: AgentChoice): void {
  if (running.agent.id === agent.id) return
  running.agent = agent
  const insteadOf = running.job.adopted?.message.answeredBy?.insteadOf ?? running.job.agent.name
  running.writer.write({ type: 'data-agent', data: { agentId: agent.id, agentName: agent.name, insteadOf } })
}

async function findConversation(
  deps: AskDeps,
  running: RunningGeneration,
  agent: AgentChoice,
  abilities: ProviderAbilities,
): Promise<string | null> {
  const { job } = running
  const parent = abilities.isStateful && job.sessionId !== null ? findParentConversation(job, agent.id) : null
  if (!parent || job.sessionId === null) return null
  const tail = await deps.findConversationTail(job.userId, job.sessionId, parent.conversationId)
  return tail === parent.messageId ? parent.conversationId : null
}

/**
 * Makes a stateful upstream's conversation fit for another attempt, in a new one where the turn cannot be removed. False:
 * it is not fit. A turn that never reached the upstream needs nothing.
 */
async function cleanUp(
  deps: AskDeps,
  running: RunningGeneration,
  asking: Asking,
  call: ProviderCall,
  result: Extract<AttemptResult, { kind: 'failed' }>,
): Promise<boolean> {
  const { adapter } = asking
  if (!adapter.abilities.isStateful || !result.isConnected || (result.failure.status ?? 0) >= 400) return true
  const remove = adapter.toRemoveTurnRequest(call, running.upstream)
  if (remove) return deps.sendQuietly(remove)
  asking.conversationId = null
  return true
}

/** A superseded or handing-over owner merely closes its socket: the run may be somebody else's by now. */
async function stopUpstream(
  deps: AskDeps,
  running: RunningGeneration,
  adapter: ProviderAdapter,
  call: ProviderCall,
): Promise<void> {
  if (running.leavesUpstream) return
  const stop = adapter.toStopRequest(call, running.upstream)
  if (!stop) return
  const sent = deps.sendQuietly(stop)
  // A person who pressed Stop waits for nobody; a retry must know that the old run is over.
  if (running.endReason === null) await sent
}

function toLimited(agent: AgentChoice): { id: string; maxConcurrent: number | null } {
  return { id: agent.id, maxConcurrent: agent.resilience.maxConcurrent }
}

/** Null: no retry would help. */
function findDelayMs(deps: AskDeps, attempt: number, failure: ProviderFailure): number | null {
  if (!failure.isRetryable) return null
  return toBackOffMs({ attempt, retryAfterMs: failure.retryAfterMs, random: deps.random() })
}

/** A stateful upstream that still holds the failed turn must not be asked again; nor one without budget. */
async function mayRetry(
  deps: AskDeps,
  running: RunningGeneration,
  asking: Asking,
  call: ProviderCall,
  result: Extract<AttemptResult, { kind: 'failed' }>,
): Promise<boolean> {
  return (await cleanUp(deps, running, asking, call, result)) && deps.resilience.budget.take(asking.agent.id)
}

/** A refused key stays what it is: waiting does not help. */
function toRefusal({ cause, retryAfterMs }: BreakerRefusal): ProviderFailure {
  if (cause === 'upstream_auth' || cause === 'upstream_quota') return toFailure(cause)
  return toFailure('upstream_circuit_open', { retryAfterMs })
}
