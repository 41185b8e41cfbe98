import type { QuotaUse } from '@llmchat/protocol/api/quota-schema'
import type { AgentResilience } from '../agents/to-agent.ts'
import type { ChainTurn } from '../chat/accept-context.ts'
import type { SessionFile } from '../chat/list-session-files.ts'
import type { HistoryTurn, ProviderTarget } from '../providers/provider-adapter.ts'
import type { UpstreamIds } from '../providers/provider-part.ts'
import type { FoldedMessage } from '@llmchat/protocol/fold-message'

/** An agent that was looked up and may be asked. */
export interface AgentChoice {
  id: string
  name: string
  target: ProviderTarget
  resilience: AgentResilience
  /** What it may be sent beside text. */
  takes: { images: boolean; files: boolean }
}

/** All that running one generation needs, made by whoever accepted or adopted it. */
export interface GenerationJob {
  generationId: string
  messageId: string
  userId: string
  /** Null: a `/v1` call. */
  sessionId: string | null
  parentId: string | null
  agent: AgentChoice
  fence: number
  /** Turns before the question, root first; includes the question itself when `question` is null. */
  chain: readonly ChainTurn[]
  question: string | null
  /** What was sent with `question`. */
  questionFiles: readonly SessionFile[]
  /** Partial text to go on from: shown first, then continued. */
  continueText: string | null
  /** `/v1`: the caller's own messages are the context. */
  rawTurns: readonly HistoryTurn[] | null
  passThrough: Readonly<Record<string, unknown>>
  /** `/v1`: what the caller set in place of the agent's own; holds for fall-back agents too. */
  overrides?: { temperature: number | null; maxTokens: number | null }
  /** Set on adoption only. */
  adopted?: { baseSeq: number; message: FoldedMessage; upstream: UpstreamIds; ageMs: number }
  /** `/v1` with `store: true`, or any call with an Idempotency-Key, goes on without its client. */
  stopsWithClient?: boolean
  /** Soft limits that it passed: whoever watches is told. */
  quotaWarnings?: readonly QuotaUse[]
  isStored?: boolean
}
