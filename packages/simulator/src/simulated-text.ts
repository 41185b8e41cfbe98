import { toDemoTokens } from './text/demo-text.ts'
import { createRandom, toDerivedSeed } from './text/stable-hash.ts'
import {
  ACCENTED_WORDS,
  CHINESE_PUNCTUATION,
  CHINESE_WORDS,
  ENGLISH_PUNCTUATION,
  ENGLISH_WORDS,
  WIDE_SIGNS,
} from './text/vocabulary.ts'

/** `words`: English, Chinese, accents, emoji. `ascii`: English alone. `demo`: a Markdown answer that speaks of the prompt. */
export type Corpus = 'words' | 'ascii' | 'demo'

export interface SimulatedTextRequest {
  /** Unsigned 32-bit. */
  seed: number
  /** How many tokens; the demo answer has an end of its own and may be shorter. */
  tokens: number
  /** Default `words`. */
  corpus?: Corpus
  /** Only read by `demo`: the last user prompt. */
  prompt?: string
}

/** An endless source of tokens: the n-th call gives the n-th token of this seed. */
export function createTokenSource(seed: number, corpus: 'words' | 'ascii'): () => string {
  const random = createRandom(toDerivedSeed(seed, corpus))
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? ''
  let isFirst = true
  return () => {
    const kind = random()
    const canPunctuate = !isFirst
    const space = isFirst ? '' : ' '
    isFirst = false
    if (kind < 0.08 && canPunctuate) return pick(ENGLISH_PUNCTUATION)
    if (corpus === 'ascii' || kind < 0.5) return space + pick(ENGLISH_WORDS)
    if (kind < 0.56 && canPunctuate) return pick(CHINESE_PUNCTUATION)
    if (kind < 0.84) return pick(CHINESE_WORDS)
    if (kind < 0.92) return pick(WIDE_SIGNS)
    return space + pick(ACCENTED_WORDS)
  }
}

/**
 * The exact tokens a simulated upstream answers with. Pure: the same request gives the same tokens, and a shorter
 * request gives a prefix of a longer one.
 */
export function toSimulatedTokens(request: SimulatedTextRequest): string[] {
  const corpus = request.corpus ?? 'words'
  if (corpus === 'demo') return toDemoTokens(request.prompt ?? '', request.seed).slice(0, request.tokens)
  const next = createTokenSource(request.seed, corpus)
  return Array.from({ length: request.tokens }, () => next())
}

/** The exact text of a simulated answer: the tokens joined. */
export function toSimulatedText(request: SimulatedTextRequest): string {
  return toSimulatedTokens(request).join('')
}

/** The tokens of the reasoning that comes before an answer of this seed (`reasoning=N`). */
export function toSimulatedReasoningTokens(request: SimulatedTextRequest): string[] {
  const corpus = request.corpus === 'ascii' ? 'ascii' : 'words'
  return toSimulatedTokens({
    seed: toDerivedSeed(request.seed, 'reasoning'),
    tokens: request.tokens,
    corpus,
  })
}
