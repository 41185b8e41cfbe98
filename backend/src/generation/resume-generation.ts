import type { Delivery } from '@llmchat/protocol/chat-event'
import type { OutboundReply, OutboundRequest } from '../outbound/outbound-client.ts'
import type { ProviderAdapter, ProviderCall } from '../providers/provider-adapter.ts'
import { toShownText } from './adopt-generation.ts'
import { attemptAnswer } from './attempt-answer.ts'
import { createRepeatDropper } from './drop-repeat.ts'
import { planCall } from './plan-call.ts'
import type { WriterSnapshot } from './generation-writer.ts'
import { runGeneration, type RunDeps } from './run-generation.ts'
import type { RunningGeneration } from './running-generation.ts'
import { createShownSkipper } from './skip-shown.ts'
import { toEnd } from './to-end.ts'

export interface ResumeDeps extends RunDeps {
  /** Null on any failure. */
  fetchQuietly: (request: OutboundRequest) => Promise<OutboundReply | null>
  /** How often, and how many times, an upstream is asked whether its run has finished. */
  poll: { everyMs: number; times: number }
  /** The ids of those whose fence still held. */
  saveCheckpoints: (checkpoints: readonly WriterSnapshot[]) => Promise<string[]>
}

/** The ladder for an adopted answer, best rung first; each is tried only where the one above it cannot work. */
export async function resumeGeneration(deps: ResumeDeps, running: RunningGeneration): Promise<Delivery> {
  const { job } = running
  const adapter = deps.getAdapter(job.agent.target.provider)
  const shown = toShownText(job)
  const call = planCall(job, {
    agent: job.agent,
    attempt: 1,
    isStateful: adapter.abilities.isStateful,
    canContinue: false,
    conversationId: running.upstream.conversationId ?? null,
    endUserId: deps.toEndUserId(job.userId),
  })
  // It takes its place among the agent's answers without waiting: people are watching it.
  const slot = deps.resilience.bulkhead.forceEnter({
    id: job.agent.id,
    maxConcurrent: job.agent.resilience.maxConcurrent,
  })
  try {
    const reattached = await reattach(deps, running, adapter, call)
    if (reattached) return reattached
    const fetched = await fetchAnswer(deps, running, adapter, call, shown)
    if (fetched) return fetched
    if (running.endReason !== null) return toEnd(running)
    if (running.hasContent) {
      if (shown !== '' && adapter.canContinue(job.agent.target))
        return await continueTurn(deps, running, adapter, shown)
      return { state: 'interrupted', reason: 'owner-lost' }
    }
  } finally {
    slot.release()
  }
  return restart(deps, running, adapter, call)
}

async function reattach(
  deps: ResumeDeps,
  running: RunningGeneration,
  adapter: ProviderAdapter,
  call: ProviderCall,
): Promise<Delivery | null> {
  const request = adapter.toReattachRequest(call, running.upstream)
  if (!request) return null
  const skipShown = createShownSkipper(running.upstream.ahead ?? 0)
  const streamAnswer: ResumeDeps['streamAnswer'] = async function* (again, options) {
    for await (const parts of deps.streamAnswer(again, options)) yield skipShown(parts)
  }
  const result = await attemptAnswer({ ...deps, streamAnswer }, running, call, { request })
  if (result.kind === 'finished') return { state: 'complete', finishReason: result.reason }
  return result.kind === 'ended' ? toEnd(running) : null
}

async function fetchAnswer(
  deps: ResumeDeps,
  running: RunningGeneration,
  adapter: ProviderAdapter,
  call: ProviderCall,
  shown: string,
): Promise<Delivery | null> {
  const request = adapter.toFetchAnswerRequest(call, running.upstream)
  if (!request) return null
  for (let time = 0; time < deps.poll.times && !running.signal.aborted; time++) {
    if (time > 0) await new Promise<void>((resolve) => deps.clock.setTimer(deps.poll.everyMs, resolve))
    const reply = await deps.fetchQuietly(request)
    if (!reply || reply.status >= 400) return null
    const answer = adapter.parseFetchedAnswer(reply.body, running.upstream)
    if (!answer) continue
    // What was shown is never taken back: a finished answer that begins otherwise is of no use.
    if (!answer.text.startsWith(shown)) return null
    running.hasContent = true
    running.writer.writeParts([{ type: 'text', delta: answer.text.slice(shown.length) }], running.upstream)
    return { state: 'complete', finishReason: 'stop' }
  }
  return null
}

/** Nothing was shown: ask again. A stateful upstream must first be rid of the old run, or the history would lie. */
async function restart(
  deps: ResumeDeps,
  running: RunningGeneration,
  adapter: ProviderAdapter,
  call: ProviderCall,
): Promise<Delivery> {
  const stop = adapter.toStopRequest(call, running.upstream)
  running.upstream = {}
  if (stop && (await forget(deps, running))) await deps.sendQuietly(stop)
  if (running.endReason !== null) return toEnd(running)
  return runGeneration(deps, running, { isFork: true })
}

/**
 * No later owner may find the old run's ids: what a stopped run leaves in the upstream's history looks like a finished
 * answer. False: it could not be written, so the run must go on to its own end; or another owner waits for that end.
 */
async function forget(deps: ResumeDeps, running: RunningGeneration): Promise<boolean> {
  await running.writer.flushed()
  running.writer.writeParts([], running.upstream)
  const saved = await deps.saveCheckpoints([running.writer.snapshot()]).catch(() => null)
  if (saved?.length === 0) running.end('superseded')
  return saved !== null && running.endReason === null
}

async function continueTurn(
  deps: ResumeDeps,
  running: RunningGeneration,
  adapter: ProviderAdapter,
  shown: string,
): Promise<Delivery> {
  const prefill = shown.trimEnd()
  const drop = createRepeatDropper(shown.slice(prefill.length))
  const call = planCall(
    { ...running.job, continueText: prefill },
    {
      agent: running.job.agent,
      attempt: 1,
      isStateful: adapter.abilities.isStateful,
      canContinue: true,
      conversationId: null,
      endUserId: deps.toEndUserId(running.job.userId),
    },
  )
  const streamAnswer: ResumeDeps['streamAnswer'] = async function* (request, options) {
    for await (const parts of deps.streamAnswer(request, options))
      yield parts.map((part) => (part.type === 'text' ? { ...part, delta: drop(part.delta) } : part))
  }
  const result = await attemptAnswer({ ...deps, streamAnswer }, running, call)
  if (result.kind === 'finished') return { state: 'complete', finishReason: result.reason }
  return result.kind === 'ended' ? toEnd(running) : { state: 'interrupted', reason: 'owner-lost' }
}
