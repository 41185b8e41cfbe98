import { toPrefill } from '../continuation.ts'
import { createEventDecoder, type EmitPart, type EventReader } from '../decode-events.ts'
import { isRecord, type JsonRecord, parseJson, toRecord, toRecords, toText } from '../lenient-json.ts'
import type { ProviderCall, ProviderDecoder } from '../provider-adapter.ts'
import type { ProviderUsage } from '../provider-part.ts'
import { toFailurePart } from '../provider-failure.ts'
import { createChunkPattern } from './chunk-pattern.ts'
import { mapStreamError } from './map-error.ts'
import { mapFinish } from './map-finish.ts'
import { mapUsage } from './map-usage.ts'
import { createThinkSplitter } from './think-splitter.ts'
import { createToolCalls } from './tool-calls.ts'

/** Finish reasons by which a server says that it failed. */
const failedReasons = new Set(['insufficient_system_resource', 'error', 'abort'])

/** `data:` chunks of `chat.completion.chunk` objects, from OpenAI and from servers that only resemble it. */
export function createDecoder(call: ProviderCall): ProviderDecoder {
  return createEventDecoder(createChunkReader(call))
}

function createChunkReader(call: ProviderCall): EventReader {
  const splitter = createThinkSplitter({ startsWithReasoning: call.target.options['startsWithReasoning'] === true })
  const toolCalls = createToolCalls({ answerId: call.answerId })
  const prefill = toPrefill(call.continueFrom)
  const pattern = createChunkPattern()
  let hasIds = false
  let hasFinished = false
  let isDone = false
  let usage: ProviderUsage | null = null

  /** Servers send figures once, or on every chunk; the last ones count. */
  function emitUsage(emit: EmitPart): void {
    if (usage) emit({ type: 'usage', usage })
    usage = null
  }

  function emitText(delta: string, emit: EmitPart): void {
    splitter.push(prefill ? prefill.dropRepeat(delta) : delta, emit)
  }

  function readContent(content: unknown, emit: EmitPart): void {
    if (typeof content === 'string') {
      if (content !== '') emitText(content, emit)
      return
    }
    for (const part of toRecords(content)) {
      if (part['type'] === 'thinking') emit({ type: 'reasoning', delta: toThinkingText(part['thinking']) })
      else emitText(toText(part['text']), emit)
    }
  }

  function readDelta(delta: JsonRecord, emit: EmitPart): void {
    const reasoning = toText(delta['reasoning_content']) || toText(delta['reasoning'])
    if (reasoning !== '') emit({ type: 'reasoning', delta: reasoning })
    readContent(delta['content'], emit)
    const refusal = toText(delta['refusal'])
    if (refusal !== '') emitText(refusal, emit)
    toRecords(delta['tool_calls']).forEach((toolCall, position) => toolCalls.push(toolCall, position, emit))
    if (isRecord(delta['function_call'])) toolCalls.push({ index: 0, function: delta['function_call'] }, 0, emit)
  }

  function finish(reason: string, emit: EmitPart): void {
    if (hasFinished) return
    hasFinished = true
    splitter.end(emit)
    toolCalls.end(emit)
    if (failedReasons.has(reason)) emit(toFailurePart('upstream_failed', { message: `The agent stopped: ${reason}.` }))
    else emit({ type: 'finish', reason: mapFinish(reason) })
  }

  function readChunk(chunk: JsonRecord, data: string, emit: EmitPart): void {
    const id = toText(chunk['id'])
    if (!hasIds && id !== '') {
      hasIds = true
      emit({ type: 'ids', ids: { messageId: id } })
    }
    const figures = mapUsage(chunk)
    usage = figures ?? usage
    const choices = toRecords(chunk['choices'])
    const choice = choices.find((one) => (one['index'] ?? 0) === 0)
    const delta = toRecord(choice?.['delta'])
    readDelta(delta, emit)
    const reason = toText(choice?.['finish_reason'])
    if (reason !== '') finish(reason, emit)
    else if (figures === null && isTextOnly(delta)) pattern.learn(data, toText(delta['content']))
    if (hasFinished || choices.length === 0) emitUsage(emit)
  }

  return {
    read(event, emit) {
      if (event.data.trim() === '[DONE]') {
        isDone = true
        // A server that says it is done without a reason has ended properly all the same.
        finish('', emit)
        emitUsage(emit)
        return true
      }
      const repeated = event.event === 'error' ? null : pattern.match(event.data)
      if (repeated !== null) {
        readContent(repeated, emit)
        return true
      }
      const chunk = parseJson(event.data)
      if (event.event === 'error' || (isRecord(chunk) && isErrorChunk(chunk))) {
        emit({ type: 'failure', failure: mapStreamError(isRecord(chunk) ? chunk : { message: event.data }) })
        return true
      }
      if (!isRecord(chunk)) return false
      readChunk(chunk, event.data, emit)
      return true
    },
    // What is held back as a possible tag stays so: the answer was cut off in the middle of it.
    end: emitUsage,
    isFinished: () => isDone,
  }
}

/** Content and, at most, who speaks; everything else there is empty. */
function isTextOnly(delta: JsonRecord): boolean {
  return Object.entries(delta).every(
    ([key, value]) =>
      key === 'role' || (key === 'content' ? typeof value === 'string' && value !== '' : isEmpty(value)),
  )
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function isErrorChunk(chunk: JsonRecord): boolean {
  const error = chunk['error']
  return isRecord(error) || (typeof error === 'string' && error !== '') || chunk['object'] === 'error'
}

/** Mistral: text parts in an array; a plain string elsewhere. */
function toThinkingText(thinking: unknown): string {
  if (typeof thinking === 'string') return thinking
  return toRecords(thinking)
    .map((part) => toText(part['text']))
    .join('')
}
