import type { Clock } from '../base/clock.ts'
import type { ProviderCall } from '../providers/provider-adapter.ts'
import { isContentPart, type ProviderFailure, type ProviderPart } from '../providers/provider-part.ts'
import type { OutboundRequest } from '../outbound/outbound-client.ts'
import type { FinishReason } from '@llmchat/protocol/chat-event'
import type { RunningGeneration } from './running-generation.ts'

export type AttemptResult =
  | { kind: 'finished'; reason: FinishReason }
  | { kind: 'failed'; failure: ProviderFailure; isConnected: boolean }
  | { kind: 'ended' }

export interface StreamOptions {
  signal: AbortSignal
  onConnected: () => void
  /** Instead of the call's own request: re-attaching to a run that goes on upstream. */
  request?: OutboundRequest
}

export interface AttemptDeps {
  clock: Clock
  streamAnswer: (call: ProviderCall, options: StreamOptions) => AsyncIterable<ProviderPart[]>
}

/** Asks the upstream once and writes what it says. Text before the first content is never shown (I8). */
export async function attemptAnswer(
  deps: AttemptDeps,
  running: RunningGeneration,
  call: ProviderCall,
  extra: { request?: OutboundRequest; onContent?: () => void } = {},
): Promise<AttemptResult> {
  const { request } = extra
  const startMs = deps.clock.monotonicMs()
  let isConnected = false
  let finish: FinishReason | null = null
  let failure: ProviderFailure | null = null
  // What an attempt before this one used is not this answer's.
  running.usage = null
  running.timing.queuedMs ??= Math.round(startMs - running.acceptedMs)
  running.upstream = { ...call.upstream, ...(request ? running.upstream : {}) }
  const onConnected = (): void => {
    isConnected = true
    running.timing.connectMs = Math.round(deps.clock.monotonicMs() - startMs)
  }
  const options = { signal: running.signal, onConnected, ...(request ? { request } : {}) }
  for await (const parts of deps.streamAnswer(call, options)) {
    if (running.writer.isSuperseded) running.end('superseded')
    for (const part of parts) {
      if (part.type === 'finish') finish = part.reason
      else if (part.type === 'failure') failure = part.failure
      else learn(running, part)
    }
    showContent(deps, running, parts, extra.onContent)
  }
  if (running.endReason !== null) return { kind: 'ended' }
  if (failure) return { kind: 'failed', failure, isConnected }
  if (finish !== null) return { kind: 'finished', reason: finish }
  return { kind: 'failed', failure: truncated, isConnected }
}

const truncated: ProviderFailure = {
  code: 'upstream_truncated',
  message: 'the stream ended without its success marker',
  isRetryable: true,
}

function learn(running: RunningGeneration, part: ProviderPart): void {
  if (part.type === 'ids') running.upstream = { ...running.upstream, ...part.ids }
  if (part.type === 'usage') running.usage = part.usage
}

function showContent(
  deps: AttemptDeps,
  running: RunningGeneration,
  parts: ProviderPart[],
  onContent: (() => void) | undefined,
): void {
  if (!running.hasContent) {
    if (!parts.some(isContentPart)) {
      running.writer.writeParts([], running.upstream)
      return
    }
    running.hasContent = true
    onContent?.()
    running.timing.firstContentMs = Math.round(deps.clock.monotonicMs() - running.acceptedMs)
    running.writer.write({ type: 'data-delivery', data: { state: 'streaming' } })
  }
  running.writer.writeParts(parts, running.upstream)
}
