import type { TestAgent } from './drill-agents.ts'

/** What one client is to do. */
export interface WatchPlan {
  kind: 'chat' | 'v1'
  index: number
  agent: TestAgent
  apiKey: string
  /** After the fleet's start. */
  startAtMs: number
  seed: number
  tokens: number
  gapMs: number
  /** When the upstream's first token is due after its request. */
  ttftMs: number
}

/** What one client did and saw. Times are `performance.now()` of the drill. */
export interface WatchRecord {
  plan: WatchPlan
  sessionId: string
  /** `client_message_id`, or the Idempotency-Key. */
  key: string
  generationId: string | null
  /** The first 2xx; null: never accepted. */
  acceptedAtMs: number | null
  /** How often the message was sent until it was accepted, and the connection made anew after that. */
  sends: number
  /** Answers that said "not now" to it. */
  refusals: { status: number; retryAfterMs: number | null }[]
  resumes: number
  eventTimesMs: number[]
  /** Of those, the ones that brought content. */
  contentTimesMs: number[]
  /** The text as a reader saw it last. */
  shown: string
  /** Something of the answer was seen: text, or a step. */
  hasSeenContent: boolean
  hasTerminal: boolean
  /** What it was told last: `complete`, `interrupted` … */
  state: string
  problems: string[]
}

export function createWatchRecord(plan: WatchPlan, ids: { sessionId: string; key: string }): WatchRecord {
  return {
    ...ids,
    plan,
    generationId: null,
    acceptedAtMs: null,
    sends: 0,
    refusals: [],
    resumes: 0,
    eventTimesMs: [],
    contentTimesMs: [],
    shown: '',
    hasSeenContent: false,
    hasTerminal: false,
    state: 'none',
    problems: [],
  }
}

/** The prompt that makes a simulated upstream answer as planned. */
export function toPrompt(plan: WatchPlan): string {
  return `[[sim tokens=${plan.tokens} gap=${plan.gapMs} ttft=${plan.ttftMs} seed=${plan.seed}]]`
}
