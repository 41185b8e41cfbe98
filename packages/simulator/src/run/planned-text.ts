import type { ActiveFaults } from '../plan/fault-gate.ts'
import { DEFAULT_TOKENS, type SimulatorPlan } from '../plan.ts'
import type { SimulatedTextRequest } from '../simulated-text.ts'
import { toDerivedSeed } from '../text/stable-hash.ts'
import type { TokenCache } from '../text/token-cache.ts'

/** What one answer will say, and why it will end. */
export interface PlannedText {
  reasoning: readonly string[]
  answer: readonly string[]
  finish: 'stop' | 'length' | 'content-filter'
}

export interface PlannedTextRequest {
  plan: SimulatorPlan
  seed: number
  prompt: string
  /** The beginning of the answer that the caller already has; empty = none. */
  prefill: string
  maxTokens: number | null
  faults: ActiveFaults
}

function toWanted(request: PlannedTextRequest, seed: number): SimulatedTextRequest {
  const { plan } = request
  const fallback = plan.corpus === 'demo' ? Number.MAX_SAFE_INTEGER : DEFAULT_TOKENS
  return {
    seed,
    tokens: plan.tokens ?? fallback,
    corpus: plan.corpus,
    prompt: request.prompt,
  }
}

/** The tokens after the cut, the first of them maybe a part of one; null when the text does not begin like this. */
function findRest(tokens: readonly string[], prefill: string): string[] | null {
  let rest = prefill
  for (const [index, token] of tokens.entries()) {
    if (rest.length < token.length) {
      return token.startsWith(rest) ? [token.slice(rest.length), ...tokens.slice(index + 1)] : null
    }
    if (!rest.startsWith(token)) return null
    rest = rest.slice(token.length)
  }
  return rest === '' ? [] : null
}

function listAnswerTokens(cache: TokenCache, request: PlannedTextRequest): readonly string[] {
  const wanted = toWanted(request, request.seed)
  const whole = cache.list(wanted).slice(0, wanted.tokens)
  if (request.prefill === '') return whole
  const rest = findRest(whole, request.prefill)
  if (rest !== null) return rest
  // A beginning that is not ours: any model would still go on from it, with something.
  return cache.list(toWanted(request, toDerivedSeed(request.seed, request.prefill))).slice(0, wanted.tokens)
}

function listReasoningTokens(cache: TokenCache, request: PlannedTextRequest): readonly string[] {
  const { plan, seed } = request
  if (plan.reasoning === 0 || request.prefill !== '') return []
  const corpus = plan.corpus === 'ascii' ? 'ascii' : 'words'
  const tokens = cache.list({
    seed: toDerivedSeed(seed, 'reasoning'),
    tokens: plan.reasoning,
    corpus,
  })
  return tokens.slice(0, plan.reasoning)
}

/** Works out the tokens of an answer, after prefill, the caller's limit and the planned ends. */
export function toPlannedText(cache: TokenCache, request: PlannedTextRequest): PlannedText {
  const reasoning = listReasoningTokens(cache, request)
  const answer = listAnswerTokens(cache, request)
  const { faults } = request
  const filterAt = faults.at('content-filter')
  const lengthAt = Math.min(faults.at('length'), request.maxTokens ?? Number.POSITIVE_INFINITY)
  const planned = reasoning.length + answer.length
  const end = Math.min(filterAt, lengthAt)
  const isPlannedEnd = faults.has('length') || faults.has('content-filter')
  if (end >= planned && !isPlannedEnd) return { reasoning, answer, finish: 'stop' }
  return {
    reasoning: reasoning.slice(0, end),
    answer: answer.slice(0, Math.max(0, end - reasoning.length)),
    finish: filterAt <= lengthAt ? 'content-filter' : 'length',
  }
}
