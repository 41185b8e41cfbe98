import type { Delivery } from '@llmchat/protocol/chat-event'
import type { ProviderAbilities, ProviderAdapter, ProviderCall } from '../providers/provider-adapter.ts'
import type { ProviderFailure } from '../providers/provider-part.ts'
import { attemptAnswer, type AttemptDeps, type AttemptResult } from './attempt-answer.ts'
import { toBackOffMs } from './back-off.ts'
import { findParentConversation, planCall } from './plan-call.ts'
import type { RunningGeneration } from './running-generation.ts'

export interface RunDeps extends AttemptDeps {
  getAdapter: (provider: ProviderCall['target']['provider']) => ProviderAdapter
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

/** The loop of one answer: attempts until it ends, and what that end is. Writes content, not the terminal event. */
export async function runGeneration(
  deps: RunDeps,
  running: RunningGeneration,
  options: { isFork: boolean } = { isFork: false },
): Promise<Delivery> {
  const { job } = running
  const adapter = deps.getAdapter(job.agent.target.provider)
  let conversationId = options.isFork ? null : await findConversation(deps, running, adapter.abilities)
  for (let attempt = 1; ; attempt++) {
    const call = planCall(job, {
      attempt,
      isStateful: adapter.abilities.isStateful,
      canContinue: job.continueText !== null && adapter.canContinue(job.agent.target),
      conversationId,
      endUserId: deps.toEndUserId(job.userId),
    })
    const key = call.upstream.conversationId ? `${job.agent.id}:${call.upstream.conversationId}` : null
    const result = await deps.withConversation(key, running.signal, () => attemptAnswer(deps, running, call))
    if (result.kind !== 'finished') await stopUpstream(deps, running, adapter, call)
    if (result.kind !== 'failed') return toEnd(running, result)
    const canRetry = !running.hasContent && result.failure.isRetryable && attempt <= deps.retryAttempts
    const delayMs = canRetry
      ? toBackOffMs({ attempt, retryAfterMs: result.failure.retryAfterMs, random: deps.random() })
      : null
    if (delayMs === null) return toFailureEnd(running, result.failure)
    const isClean = await cleanUp(deps, running, adapter, call, result)
    if (isClean === 'no') return toFailureEnd(running, result.failure)
    if (isClean === 'fork') conversationId = null
    await waitOrEnd(deps, delayMs, running.signal)
    if (running.endReason !== null) return toEnd(running, { kind: 'ended' })
  }
}

async function findConversation(
  deps: RunDeps,
  running: RunningGeneration,
  abilities: ProviderAbilities,
): Promise<string | null> {
  const { job } = running
  const parent = abilities.isStateful && job.sessionId !== null ? findParentConversation(job) : null
  if (!parent || job.sessionId === null) return null
  const tail = await deps.findConversationTail(job.userId, job.sessionId, parent.conversationId)
  return tail === parent.messageId ? parent.conversationId : null
}

/**
 * Whether a stateful upstream's conversation is fit for another attempt. `fork`: go on in a new one, carrying the
 * history. A turn that never reached the upstream needs nothing.
 */
async function cleanUp(
  deps: RunDeps,
  running: RunningGeneration,
  adapter: ProviderAdapter,
  call: ProviderCall,
  result: Extract<AttemptResult, { kind: 'failed' }>,
): Promise<'yes' | 'fork' | 'no'> {
  if (!adapter.abilities.isStateful || !result.isConnected || (result.failure.status ?? 0) >= 400) return 'yes'
  const remove = adapter.toRemoveTurnRequest(call, running.upstream)
  if (!remove) return 'fork'
  return (await deps.sendQuietly(remove)) ? 'yes' : 'no'
}

/** A superseded or handing-over owner merely closes its socket: the run may be somebody else's by now. */
async function stopUpstream(
  deps: RunDeps,
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

/** What an answer is that was told to end, or whose upstream finished. */
export function toEnd(running: RunningGeneration, result: Exclude<AttemptResult, { kind: 'failed' }>): Delivery {
  if (result.kind === 'finished') return { state: 'complete', finishReason: result.reason }
  switch (running.endReason) {
    case 'deadline':
      return running.hasContent
        ? { state: 'interrupted', reason: 'deadline', code: 'upstream_deadline' }
        : { state: 'failed', code: 'upstream_deadline', message: 'The answer took longer than allowed.' }
    case 'shutdown':
      return { state: 'interrupted', reason: 'shutdown' }
    default:
      return { state: 'stopped' }
  }
}

function toFailureEnd(running: RunningGeneration, failure: ProviderFailure): Delivery {
  if (!running.hasContent) return { state: 'failed', code: failure.code, message: failure.message }
  const reason = failure.code === 'upstream_truncated' ? 'truncated' : 'upstream-error'
  return { state: 'interrupted', reason, code: failure.code }
}

async function waitOrEnd(deps: RunDeps, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const cancel = deps.clock.setTimer(delayMs, resolve)
    signal.addEventListener(
      'abort',
      () => {
        cancel()
        resolve()
      },
      { once: true },
    )
  })
}
