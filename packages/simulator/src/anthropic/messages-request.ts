import { type Exchange, findHeader } from '../http/exchange.ts'
import { findNumber, findText, type JsonObject, listObjects, toContentText, toObject } from '../http/json-fields.ts'
import { toLastUserPrompt } from '../openai/chat-request.ts'

export interface MessagesRequest {
  model: string
  prompt: string
  prefill: string | null
  isStream: boolean
  maxTokens: number
  isToolResult: boolean
}

const OLD_VERSION = '2023-06-01'
const NEW_VERSION = '2026-10-21'
const SAMPLING_FIELDS = ['temperature', 'top_p', 'top_k'] as const

function findVersionProblem(exchange: Exchange): string | null {
  const version = findHeader(exchange, 'anthropic-version')
  if (version === null) return 'anthropic-version: header is required'
  if (version !== OLD_VERSION && version !== NEW_VERSION)
    return `anthropic-version: "${version}" is not a valid version`
  const sampling = SAMPLING_FIELDS.find((field) => exchange.body[field] !== undefined)
  if (version === NEW_VERSION && sampling !== undefined) return `${sampling}: Extra inputs are not permitted`
  return null
}

function findPrefillProblem(body: JsonObject, model: string, prefill: string | null): string | null {
  if (prefill === null) return null
  const thinking = findText(toObject(body, 'thinking'), 'type')
  if (model.includes('4-6')) {
    return 'This model does not support assistant message prefill. The conversation must end with a user message.'
  }
  if (thinking === 'enabled' || thinking === 'adaptive') {
    return 'messages: prefill is not supported when thinking is enabled'
  }
  return /\s$/.test(prefill) ? 'messages: final assistant content cannot end with trailing whitespace' : null
}

function hasToolResult(message: JsonObject): boolean {
  return listObjects(message, 'content').some((block) => block['type'] === 'tool_result')
}

/** Reads a Messages request; text instead of a request is the message of a 400. */
export function parseMessagesRequest(exchange: Exchange): MessagesRequest | string {
  const { body } = exchange
  const versionProblem = findVersionProblem(exchange)
  if (versionProblem !== null) return versionProblem
  const model = findText(body, 'model')
  if (model === null) return 'model: Field required'
  const maxTokens = findNumber(body, 'max_tokens')
  if (maxTokens === null) return 'max_tokens: Field required'
  const messages = listObjects(body, 'messages')
  const last = messages.at(-1)
  if (last === undefined) return 'messages: at least one message is required'
  if (messages.some((message) => message['role'] !== 'user' && message['role'] !== 'assistant')) {
    return 'messages: Unexpected role. The Messages API accepts a top-level `system` parameter'
  }
  const prefill = last['role'] === 'assistant' ? toContentText(last['content']) : null
  const prefillProblem = findPrefillProblem(body, model, prefill)
  if (prefillProblem !== null) return prefillProblem
  return {
    model,
    prompt: toLastUserPrompt(messages),
    prefill,
    isStream: body['stream'] === true,
    maxTokens,
    isToolResult: hasToolResult(last),
  }
}
