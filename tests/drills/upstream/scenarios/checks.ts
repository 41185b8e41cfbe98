import { isDeepStrictEqual } from 'node:util'
import type { FinishReason, InterruptReason } from '@llmchat/protocol/chat-event'
import type { ErrorCode } from '@llmchat/protocol/error-code'
import { toSimulatedText } from '@llmchat/simulator/simulated-text'
import type { Asked } from '../drill-client.ts'
import { answerTokens, type DrillRun } from '../scenario.ts'

/** The exact text of the first tokens of an answer. */
export function toText(seed: number, tokens = answerTokens): string {
  return toSimulatedText({ seed, tokens })
}

export function checkWhole(
  drill: DrillRun,
  asked: Asked,
  seed: number,
  options: { tokens?: number; finishReason?: FinishReason } = {},
): void {
  const { delivery } = asked
  const isComplete = delivery.state === 'complete' && delivery.finishReason === (options.finishReason ?? 'stop')
  drill.check('complete', isComplete, delivery)
  drill.check('exact text, once', asked.text === toText(seed, options.tokens), asked.text)
  drill.check('a clean stream', asked.faults.length === 0, asked.faults)
}

export function checkFailed(drill: DrillRun, asked: Asked, code: ErrorCode): void {
  const { delivery } = asked
  drill.check(`failed with ${code}`, delivery.state === 'failed' && delivery.code === code, delivery)
  drill.check('no text', asked.text === '', asked.text)
  drill.check('the row says the same', isDeepStrictEqual(asked.stored.delivery, delivery), asked.stored)
  drill.check('a clean stream', asked.faults.length === 0, asked.faults)
}

export function checkCut(
  drill: DrillRun,
  asked: Asked,
  expected: { seed: number; tokens: number; reason: InterruptReason; code: ErrorCode },
): void {
  const { delivery } = asked
  const isCut =
    delivery.state === 'interrupted' && delivery.reason === expected.reason && delivery.code === expected.code
  drill.check(`interrupted: ${expected.reason}, ${expected.code}`, isCut, delivery)
  drill.check(
    `exactly ${expected.tokens} tokens, once`,
    asked.text === toText(expected.seed, expected.tokens),
    asked.text,
  )
  drill.check('a clean stream', asked.faults.length === 0, asked.faults)
}

/** How long the answer took from its acceptance; the clocks of a busy machine may run late, but never early. */
export function checkDuration(drill: DrillRun, asked: Asked, fromMs: number, toMs = fromMs + 3_000): void {
  const tookMs = asked.stored.timing?.totalMs ?? 0
  drill.check(`took ${fromMs} to ${toMs} ms`, tookMs >= fromMs && tookMs <= toMs, tookMs)
}
