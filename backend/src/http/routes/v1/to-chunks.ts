import { errorCatalogue } from '@llmchat/protocol/error-code'
import type { ChatEvent, Delivery, FinishReason, Usage } from '@llmchat/protocol/chat-event'
import { AppError } from '../../../base/app-error.ts'

export interface ChunkHead {
  id: string
  created: number
  model: string
}

/** Turns chat events into OpenAI chat completion chunks, one JSON text each. Keeps what the closing chunks need. */
export interface ChunkMapper {
  toChunks(event: ChatEvent): string[]
  /** What became of the answer; null while it runs. */
  delivery(): Delivery | null
}

const finishReasons: Record<FinishReason, string> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
  'tool-calls': 'tool_calls',
  error: 'stop',
  other: 'stop',
}

export function createChunkMapper(head: ChunkHead, includeUsage: boolean): ChunkMapper {
  const toolIndex = new Map<string, number>()
  const withInput = new Set<string>()
  // A viewer whose place in the log was lost is given the whole answer again, from its start; a caller must not be.
  const content = createRepeatSkipper()
  const reasoning = createRepeatSkipper()
  let usage: Usage | null = null
  let delivery: Delivery | null = null

  function toDeltaChunk(field: 'content' | 'reasoning_content', delta: string): string[] {
    return delta === '' ? [] : [toChunk({ [field]: delta }, null)]
  }

  function toChunk(delta: object, finishReason: string | null): string {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: finishReason }]
    return JSON.stringify({
      ...head,
      object: 'chat.completion.chunk',
      choices,
      ...(includeUsage ? { usage: null } : {}),
    })
  }

  function toToolChunk(toolCallId: string, call: object): string {
    return toChunk({ tool_calls: [{ index: toolIndex.get(toolCallId) ?? 0, ...call }] }, null)
  }

  function toToolChunks(event: Extract<ChatEvent, { toolCallId: string }>): string[] {
    const { toolCallId } = event
    switch (event.type) {
      case 'tool-input-start':
        if (toolIndex.has(toolCallId)) return []
        toolIndex.set(toolCallId, toolIndex.size)
        return [
          toToolChunk(toolCallId, {
            id: toolCallId,
            type: 'function',
            function: { name: event.toolName, arguments: '' },
          }),
        ]
      case 'tool-input-delta':
        withInput.add(toolCallId)
        return [toToolChunk(toolCallId, { function: { arguments: event.inputTextDelta } })]
      case 'tool-input-available':
        if (withInput.has(toolCallId)) return []
        return [toToolChunk(toolCallId, { function: { arguments: JSON.stringify(event.input) } })]
      default:
        return []
    }
  }

  function toClosing(finishReason: FinishReason): string[] {
    const closing = [toChunk({}, finishReasons[finishReason])]
    if (includeUsage && usage)
      closing.push(
        JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [], usage: toOpenAiUsage(usage) }),
      )
    return [...closing, '[DONE]']
  }

  return {
    delivery: () => delivery,
    toChunks(event) {
      switch (event.type) {
        case 'start':
          content.startAnew()
          reasoning.startAnew()
          return []
        case 'text-delta':
          return toDeltaChunk('content', content.take(event.delta))
        case 'reasoning-delta':
          return toDeltaChunk('reasoning_content', reasoning.take(event.delta))
        case 'tool-input-start':
        case 'tool-input-delta':
        case 'tool-input-available':
          return toToolChunks(event)
        case 'data-usage':
          usage = event.data
          return []
        case 'data-delivery':
          delivery = event.data
          return []
        case 'finish':
          return toClosing(event.finishReason)
        case 'abort':
          return toClosing('stop')
        case 'error':
          // Never a fake end: the official clients throw on an error object.
          return [JSON.stringify(toOpenAiError(toEndError(delivery)))]
        default:
          return []
      }
    },
  }
}

/** Lets through what goes beyond what was let through before the last `startAnew`. */
function createRepeatSkipper(): { startAnew(): void; take(delta: string): string } {
  let givenChars = 0
  let seenChars = 0
  return {
    startAnew() {
      seenChars = 0
    },
    take(delta) {
      const fresh = delta.slice(Math.max(0, givenChars - seenChars))
      seenChars += delta.length
      givenChars = Math.max(givenChars, seenChars)
      return fresh
    },
  }
}

/** The chunk that opens an answer. */
export function toRoleChunk(head: ChunkHead): string {
  const choices = [{ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }]
  return JSON.stringify({ ...head, object: 'chat.completion.chunk', choices })
}

export function toOpenAiUsage(usage: Usage): object {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  }
}

/** Why an answer that is not whole ended, as an error to throw or to send. */
export function toEndError(delivery: Delivery | null): AppError {
  if (delivery?.state === 'failed') return new AppError(delivery.code, toErrorOptions(delivery))
  const code = delivery?.state === 'interrupted' ? (delivery.code ?? 'upstream_truncated') : 'internal'
  return new AppError(code, { message: 'The answer broke off; the text so far is not complete.' })
}

function toErrorOptions({ message, retryAfterMs }: Extract<Delivery, { state: 'failed' }>): {
  message: string
  retryAfterMs?: number
} {
  return { message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

/** Our errors in OpenAI's shape. */
export function toOpenAiError(error: AppError): {
  error: { message: string; type: string; param: string | null; code: string }
} {
  // Clients of OpenAI's know it by this name, and do not ask again.
  if (error.code === 'quota_exceeded') {
    const name = 'insufficient_quota'
    return { error: { message: error.message, type: name, param: null, code: name } }
  }
  const { status } = errorCatalogue[error.code]
  const type = status === 401 ? 'authentication_error' : status === 429 ? 'rate_limit_error' : toType(status)
  return { error: { message: error.message, type, param: findParam(error.details), code: error.code } }
}

function toType(status: number): string {
  return status < 500 ? 'invalid_request_error' : 'server_error'
}

function findParam(details: unknown): string | null {
  if (typeof details !== 'object' || details === null || !('param' in details)) return null
  return typeof details.param === 'string' ? details.param : null
}

export function toFinishReason(delivery: Delivery): string {
  return delivery.state === 'complete' ? finishReasons[delivery.finishReason] : 'stop'
}
