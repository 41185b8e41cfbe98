import type { ChatEvent, Delivery, Timing, Usage } from '@llmchat/protocol/chat-event'
import { toPlainText } from '@llmchat/protocol/message-part'
import type { Clock } from '../base/clock.ts'
import type { Failpoints } from '../base/failpoints.ts'
import type { Logger } from '../base/logger.ts'
import { estimateTokens } from './estimate-tokens.ts'
import type { FinalState } from './generation-repository.ts'
import type { RunningGeneration } from './running-generation.ts'

export interface FinishDeps {
  clock: Clock
  failpoints: Failpoints
  logger: Logger
  commitFinal: (final: FinalState) => Promise<boolean>
  /** The log has its terminal event: marks the row, and lets the log expire. */
  closeLog: (generationId: string) => void
}

type FinalDelivery = FinalState['delivery']

const maxRetryMs = 5_000

/**
 * All parts in the log, then one transaction, then the terminal event, then the log closed (I6). Null: another owner or
 * another end was first, and this one touches nothing more.
 */
export async function finishGeneration(
  deps: FinishDeps,
  running: RunningGeneration,
  delivery: Delivery,
): Promise<Delivery | null> {
  if (!isFinal(delivery)) throw new Error('not an end')
  const { writer } = running
  writer.closeParts(toStepStatus(delivery))
  await writer.flushed()
  if (writer.isSuperseded) return null
  const snapshot = writer.snapshot()
  const usage = toUsage(running, toPlainText(snapshot.message.parts))
  const timing: Timing = {
    ...running.timing,
    totalMs: Math.round(deps.clock.monotonicMs() - running.acceptedMs),
  }
  const closing = toClosingEvents(delivery, usage, timing)
  deps.failpoints.hit('commit:before')
  const isCommitted = await commitUntilStored(deps, {
    generationId: running.job.generationId,
    fence: running.job.fence,
    finalSeq: snapshot.seq + closing.length,
    delivery,
    message: { ...snapshot.message, delivery, usage, timing },
    usage,
    timing,
    upstream: running.upstream,
    hasMessage: running.job.sessionId !== null,
    isResultStored: running.job.isStored === true,
  })
  deps.failpoints.hit('commit:after')
  if (!isCommitted) return null
  for (const event of closing) writer.write(event)
  deps.failpoints.hit('terminal:before')
  await writer.flushed()
  deps.failpoints.hit('terminal:after')
  deps.closeLog(running.job.generationId)
  return delivery
}

/** The last events of a log; the terminal one is the very last. */
export function toClosingEvents(delivery: FinalDelivery, usage: Usage, timing: Timing): ChatEvent[] {
  return [
    { type: 'data-usage', data: usage },
    { type: 'data-timing', data: timing },
    { type: 'data-delivery', data: delivery },
    toTerminal(delivery),
  ]
}

function toTerminal(delivery: FinalDelivery): ChatEvent {
  switch (delivery.state) {
    case 'complete':
      return { type: 'finish', finishReason: delivery.finishReason }
    case 'stopped':
      return { type: 'abort', reason: 'stopped' }
    case 'interrupted':
      return { type: 'error', errorText: `interrupted: ${delivery.reason}` }
    case 'failed':
      return { type: 'error', errorText: `${delivery.code}: ${delivery.message}` }
  }
}

function isFinal(delivery: Delivery): delivery is FinalDelivery {
  return delivery.state !== 'accepted' && delivery.state !== 'streaming'
}

function toStepStatus(delivery: FinalDelivery): 'done' | 'stopped' | 'failed' {
  if (delivery.state === 'complete') return 'done'
  return delivery.state === 'failed' ? 'failed' : 'stopped'
}

function toUsage(running: RunningGeneration, text: string): Usage {
  if (running.usage) return { ...running.usage, isEstimated: false }
  const { job } = running
  const asked = [
    ...(job.rawTurns?.map((turn) => turn.content) ?? job.chain.map((turn) => turn.body)),
    job.question ?? '',
  ]
  return { inputTokens: estimateTokens(asked.join('\n')), outputTokens: estimateTokens(text), isEstimated: true }
}

/** With the database away the end waits: the answer is in the log, and a lost end would leave it hanging. */
async function commitUntilStored(deps: FinishDeps, final: FinalState): Promise<boolean> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await deps.commitFinal(final)
    } catch (error) {
      deps.logger.warn({ err: error, generationId: final.generationId, attempt }, 'finishing waits for the database')
      const delayMs = Math.min(maxRetryMs, 100 * 2 ** attempt)
      await new Promise<void>((resolve) => deps.clock.setTimer(delayMs, resolve))
    }
  }
}
