import type { ErrorCode } from '@llmchat/protocol/error-code'
import type { FinishReason, InputRequest, WorkflowStep } from '@llmchat/protocol/chat-event'

/** What the upstream calls this answer; kept for stop, feedback, re-attachment and the next turn. */
export interface UpstreamIds {
  /** FastGPT chatId (ours), Dify conversation_id (theirs). */
  conversationId?: string
  /** FastGPT dataId (ours), Dify message_id, Anthropic/OpenAI response id. */
  messageId?: string
  /** Dify task_id. */
  taskId?: string
  /** Dify workflow_run_id. */
  runId?: string
  /** Last Responses `sequence_number` seen. */
  sequence?: number
  /** How many characters were shown beyond `sequence`, while a run that was joined again says them a second time. */
  ahead?: number
}

/** Tokens as the upstream counted them. */
export interface ProviderUsage {
  inputTokens: number
  outputTokens: number
  reasoningTokens?: number
}

/** A failure as the upstream told it, or as the decoder found it. */
export interface ProviderFailure {
  code: ErrorCode
  /** English, without secrets; at most 2 KB. */
  message: string
  isRetryable: boolean
  retryAfterMs?: number
  /** HTTP status, where there was one. */
  status?: number
}

/**
 * The closed vocabulary every adapter maps its wire format to. Content is `text`, `reasoning`, `step`, `tool-*`,
 * `input-request` and `source`; the rest is not shown and commits nothing.
 */
export type ProviderPart =
  | { type: 'text'; delta: string }
  | { type: 'reasoning'; delta: string }
  | { type: 'step'; stepId: string; step: WorkflowStep }
  | { type: 'tool-input-start'; toolCallId: string; toolName: string }
  | { type: 'tool-input-delta'; toolCallId: string; delta: string }
  | { type: 'tool-input'; toolCallId: string; toolName: string; input: unknown }
  | { type: 'tool-output'; toolCallId: string; output: unknown; isError: boolean }
  | { type: 'source'; sourceId: string; title: string; url?: string }
  | { type: 'input-request'; requestId: string; request: InputRequest }
  /** All text so far is withdrawn by the upstream (moderation, spliced restart). */
  | { type: 'superseded'; reason: string }
  | { type: 'usage'; usage: ProviderUsage }
  | { type: 'ids'; ids: UpstreamIds }
  /** The success marker. At most once; a stream that ends without it was truncated. */
  | { type: 'finish'; reason: FinishReason }
  | { type: 'failure'; failure: ProviderFailure }

/** True for parts a person sees: from the first of them on there is no silent retry. */
export function isContentPart(part: ProviderPart): boolean {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'tool-input-delta':
      return part.delta !== ''
    case 'step':
    case 'tool-input-start':
    case 'tool-input':
    case 'tool-output':
    case 'source':
    case 'input-request':
      return true
    default:
      return false
  }
}
