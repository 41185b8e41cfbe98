import {
  findNumber,
  findText,
  isJsonObject,
  type JsonObject,
  listObjects,
  toContentText,
  toObject,
} from '../http/json-fields.ts'

/** The fields of a chat completion request that change what the simulator does. */
export interface ChatRequest {
  model: string
  /** The text of the last user message. */
  prompt: string
  /** The text of a last assistant message, which the answer goes on from; null when the last message is another. */
  prefill: string | null
  isStream: boolean
  includesUsage: boolean
  includesObfuscation: boolean
  hasContinuousUsage: boolean
  maxTokens: number | null
  /** The last message is the result of a tool, so the answer is text. */
  isToolResult: boolean
}

/** The last message with role `user`, as text. */
export function toLastUserPrompt(messages: readonly JsonObject[]): string {
  const last = messages.findLast((message) => message['role'] === 'user')
  return last === undefined ? '' : toContentText(last['content'])
}

/** Reads a request body; text instead of a request says what is wrong with it. */
export function parseChatRequest(body: JsonObject): ChatRequest | string {
  const model = findText(body, 'model')
  if (model === null) return 'you must provide a model parameter'
  const messages = listObjects(body, 'messages')
  const last = messages.at(-1)
  if (last === undefined || !isJsonObject(last)) return "'messages' must be a non-empty array"
  const streamOptions = toObject(body, 'stream_options')
  return {
    model,
    prompt: toLastUserPrompt(messages),
    prefill: last['role'] === 'assistant' ? toContentText(last['content']) : null,
    isStream: body['stream'] === true,
    includesUsage: streamOptions['include_usage'] === true,
    includesObfuscation: streamOptions['include_obfuscation'] !== false,
    hasContinuousUsage: streamOptions['continuous_usage_stats'] === true,
    maxTokens: findNumber(body, 'max_completion_tokens') ?? findNumber(body, 'max_tokens'),
    isToolResult: last['role'] === 'tool',
  }
}
