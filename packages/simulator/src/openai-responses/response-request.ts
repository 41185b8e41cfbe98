import { findNumber, findText, isJsonObject, type JsonObject, listObjects, toContentText } from '../http/json-fields.ts'
import { toLastUserPrompt } from '../openai/chat-request.ts'

export interface ResponseRequest {
  model: string
  prompt: string
  prefill: string | null
  isStream: boolean
  isBackground: boolean
  isStored: boolean
  includesObfuscation: boolean
  maxTokens: number | null
  isToolResult: boolean
}

/** Reads a request body; text instead of a request says what is wrong with it. */
export function parseResponseRequest(body: JsonObject): ResponseRequest | string {
  const model = findText(body, 'model')
  if (model === null) return "Missing required parameter: 'model'."
  const { input } = body
  const items = listObjects(body, 'input')
  const last = items.at(-1)
  if (typeof input !== 'string' && last === undefined) return "Missing required parameter: 'input'."
  const streamOptions = body['stream_options']
  return {
    model,
    prompt: typeof input === 'string' ? input : toLastUserPrompt(items),
    prefill: last?.['role'] === 'assistant' ? toContentText(last['content']) : null,
    isStream: body['stream'] === true,
    isBackground: body['background'] === true,
    isStored: body['store'] !== false,
    includesObfuscation: !isJsonObject(streamOptions) || streamOptions['include_obfuscation'] !== false,
    maxTokens: findNumber(body, 'max_output_tokens'),
    isToolResult: last?.['type'] === 'function_call_output',
  }
}
