import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import type { OutboundReply, OutboundRequest } from '../outbound/outbound-client.ts'
import type { JsonRecord } from './lenient-json.ts'
import type { ProviderFailure, ProviderPart, UpstreamIds } from './provider-part.ts'

/** An agent as an adapter needs it. `baseUrl` is normalised: no trailing slash, no endpoint path. */
export interface ProviderTarget {
  provider: ProviderName
  baseUrl: string
  apiKey: string | null
  model: string | null
  appId: string | null
  systemPrompt: string | null
  temperature: number | null
  maxTokens: number | null
  /** Provider-specific settings (`apiVersion`, `maxTokensField`, `detail`, `inputs`, `variables`, `canContinue`, `isBackground` …). */
  options: Readonly<Record<string, unknown>>
}

/** A file of a turn, by what is known of it before its bytes are read. */
export interface TurnFile {
  id: string
  name: string
  mediaType: string
  kind: 'image' | 'text' | 'file'
  sizeBytes: number
}

/** One turn of the history. `content` is plain text. */
export interface HistoryTurn {
  role: 'system' | 'user' | 'assistant' | 'tool'
  content: string
  /** What was sent along with it. */
  files?: readonly TurnFile[]
  /** A message object of OpenAI's (parts, tool calls): the `/v1` caller's own, or one that files were put into. */
  raw?: Readonly<Record<string, unknown>>
}

/** One attempt to get an answer. */
export interface ProviderCall {
  target: ProviderTarget
  /** The turns, oldest first, the last one being the question. The system prompt is in `target`. */
  turns: readonly HistoryTurn[]
  /** Stable, opaque, per end user (Dify `user`, OpenAI `safety_identifier`). */
  endUserId: string
  /** Ids known so far: for stateful providers `conversationId` names the conversation to go on in; absent = a new one. */
  upstream: UpstreamIds
  /** We choose it (FastGPT responseChatItemId); unique within the conversation and attempt. */
  answerId: string
  /** Text already shown, to be continued exactly after it; only on targets with `canContinue`. */
  continueFrom: string | null
  /** `/v1` only: extra request fields of the caller (tools, response_format, stop, top_p …), already checked. */
  passThrough: Readonly<Record<string, unknown>>
  /** The question's files, where the upstream has them already: as its own API names them in a question. */
  uploaded?: readonly JsonRecord[]
}

/** Pure and synchronous: text in, parts out. One per response. */
export interface ProviderDecoder {
  /** Any cut of the response text; a character never arrives in halves. */
  push(text: string): ProviderPart[]
  /** The response ended. May still yield parts from the buffered rest. */
  end(): ProviderPart[]
  /** True once nothing more of interest can come, although the connection may stay open (Dify after message_end). */
  isFinished(): boolean
}

/** What a provider can do; the generation engine asks nothing else about it. */
export interface ProviderAbilities {
  /** The upstream keeps the conversation: retry and restart must first remove the old turn or fork. */
  isStateful: boolean
  /** Losing the connection does not stop the upstream: a stop must be sent. */
  needsStopRequest: boolean
  /** After the finish marker, how long to read on for late figures, ms. 0 = end at once. */
  readOnMs: number
}

export interface ProviderAdapter {
  readonly abilities: ProviderAbilities
  toRequest(call: ProviderCall): OutboundRequest
  /** `isReattached`: the response is that of `toReattachRequest`, which may begin in the middle of the answer. */
  createDecoder(call: ProviderCall, mode?: { isReattached: boolean }): ProviderDecoder
  /** A response with status >= 400, or with a JSON content type where a stream was asked for. `body` is cut at 64 KB. */
  toFailure(response: { status: number; headers: Readonly<Record<string, string>>; body: string }): ProviderFailure
  /** Null when closing the connection is all there is, or the needed id is not known yet. */
  toStopRequest(call: ProviderCall, ids: UpstreamIds): OutboundRequest | null
  /** A thumb, forwarded. Null where the provider knows none. */
  toFeedbackRequest(target: ProviderTarget, feedback: ProviderFeedback): OutboundRequest | null
  /** Re-attaches to a run that goes on upstream (Responses background, Dify workflow events). Null: can't. */
  toReattachRequest(call: ProviderCall, ids: UpstreamIds): OutboundRequest | null
  /** Fetches the finished answer from the upstream's own history (FastGPT by dataId, Dify messages). Null: can't. */
  toFetchAnswerRequest(call: ProviderCall, ids: UpstreamIds): OutboundRequest | null
  /** Reads the reply of `toFetchAnswerRequest`; null when the answer is not there or not finished. */
  parseFetchedAnswer(body: string, ids: UpstreamIds): { text: string } | null
  /** Removes the turn of a failed attempt before a retry (FastGPT). Null: fork instead. */
  toRemoveTurnRequest(call: ProviderCall, ids: UpstreamIds): OutboundRequest | null
  /** Puts a file where the upstream keeps such. Null: files go into the request itself. */
  uploadFile: ((step: UploadStep) => Promise<UploadResult>) | null
  /** True when this target can continue a partial assistant turn from `continueFrom`. */
  canContinue(target: ProviderTarget): boolean
}

export interface UploadStep {
  call: ProviderCall
  file: TurnFile
  bytes: Uint8Array
  /** Throws as OutboundClient.send does. */
  send: (request: OutboundRequest) => Promise<OutboundReply>
}

/** `part`: what names the file in a question. */
export type UploadResult = { kind: 'uploaded'; part: JsonRecord } | { kind: 'failed'; failure: ProviderFailure }

export interface ProviderFeedback {
  rating: 'good' | 'bad' | null
  endUserId: string
  ids: UpstreamIds
}
