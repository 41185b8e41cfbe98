import type { QuotaUse } from './api/quota-schema.ts'
import type { ErrorCode } from './error-code.ts'

/** Why an answer ended early although its text is kept. */
export type InterruptReason = 'owner-lost' | 'truncated' | 'shutdown' | 'deadline' | 'upstream-error'

/** Why an answer's text ended, as the AI SDK names it. */
export type FinishReason = 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'other'

/** What an answer is now; the last four end it. `reason` and `code` say why. `queuePosition`: 1 is next. */
export type Delivery =
  | { state: 'accepted'; queuePosition?: number }
  | { state: 'streaming' }
  | { state: 'complete'; finishReason: FinishReason }
  | { state: 'stopped' }
  | { state: 'interrupted'; reason: InterruptReason; code?: ErrorCode }
  /** `retryAfterMs`: asking again sooner is pointless. */
  | { state: 'failed'; code: ErrorCode; message: string; retryAfterMs?: number }

export type DeliveryState = Delivery['state']

/** Tokens. `isEstimated`: the upstream gave no figures and we counted characters. */
export interface Usage {
  inputTokens: number
  outputTokens: number
  reasoningTokens?: number
  isEstimated: boolean
}

/**
 * Where the time went, in ms. `queuedMs`: accepted until the upstream request left; `connectMs`: until its response
 * headers; `firstContentMs`: accepted until first content; `totalMs`: accepted until the end. Null: never reached.
 */
export interface Timing {
  queuedMs: number | null
  connectMs: number | null
  firstContentMs: number | null
  totalMs: number
}

/** One step of an agent's workflow, or one tool it ran. Sent again under the same id as it goes on. */
export interface WorkflowStep {
  name: string
  kind: 'node' | 'tool' | 'retrieval'
  status: 'running' | 'done' | 'failed' | 'stopped'
  detail?: string
  durationMs?: number
}

export interface InputField {
  key: string
  label: string
  type: 'text' | 'paragraph' | 'number' | 'select' | 'checkbox'
  isRequired: boolean
  options?: string[]
  defaultValue?: string
  maxLength?: number
}

/** The agent waits for the person: a choice or a form. The reply is the next user message. */
export interface InputRequest {
  kind: 'select' | 'form'
  title: string
  options: { key: string; label: string }[]
  fields: InputField[]
}

/** Ids a client needs as soon as the answer starts. */
export interface StartMetadata {
  generationId: string
  sessionId: string | null
  parentId: string | null
  agentId: string
}

/** Another agent answers than the one that was asked. `insteadOf`: that one's name. */
export interface AnsweringAgent {
  agentId: string
  agentName: string
  insteadOf: string
}

/**
 * The closed vocabulary of a stream log: the AI SDK UI message chunks (npm `ai` 6, `uiMessageChunkSchema`) we use, and
 * our own `data-*` parts. A client that meets a type it does not know must skip it.
 */
export type ChatEvent =
  | { type: 'start'; messageId: string; messageMetadata: StartMetadata }
  | { type: 'text-start'; id: string }
  | { type: 'text-delta'; id: string; delta: string }
  | { type: 'text-end'; id: string }
  | { type: 'reasoning-start'; id: string }
  | { type: 'reasoning-delta'; id: string; delta: string }
  | { type: 'reasoning-end'; id: string }
  | { type: 'tool-input-start'; toolCallId: string; toolName: string; dynamic: true }
  | { type: 'tool-input-delta'; toolCallId: string; inputTextDelta: string }
  | { type: 'tool-input-available'; toolCallId: string; toolName: string; input: unknown; dynamic: true }
  | { type: 'tool-output-available'; toolCallId: string; output: unknown; dynamic: true }
  | { type: 'tool-output-error'; toolCallId: string; errorText: string; dynamic: true }
  | { type: 'source-url'; sourceId: string; url: string; title?: string }
  | { type: 'source-document'; sourceId: string; mediaType: string; title: string }
  | { type: 'data-step'; id: string; data: WorkflowStep }
  | { type: 'data-input-request'; id: string; data: InputRequest }
  /** The upstream withdrew what it said so far (moderation, restart): earlier text stays, marked as superseded. */
  | { type: 'data-superseded'; data: { reason: string } }
  /** A fall-back agent has taken the question over; the last one counts. Before any content only. */
  | { type: 'data-agent'; data: AnsweringAgent }
  /** The question took these quotas past their soft limit. For whoever watches; no part of the answer. */
  | { type: 'data-quota'; data: { warnings: readonly QuotaUse[] } }
  | { type: 'data-delivery'; data: Delivery }
  | { type: 'data-usage'; data: Usage }
  | { type: 'data-timing'; data: Timing }
  | { type: 'finish'; finishReason: FinishReason }
  | { type: 'abort'; reason: string }
  | { type: 'error'; errorText: string }

export type ChatEventType = ChatEvent['type']

/** One numbered entry of a stream log. `seq` starts at 1 and has no gap. */
export interface LogEntry {
  seq: number
  event: ChatEvent
}

export type TerminalEvent = Extract<ChatEvent, { type: 'finish' | 'abort' | 'error' }>

/** True for the one event that closes a log: `finish`, `abort` or `error`. */
export function isTerminalEvent(event: { type: string }): event is TerminalEvent {
  return event.type === 'finish' || event.type === 'abort' || event.type === 'error'
}
