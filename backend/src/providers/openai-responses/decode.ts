import { createEventDecoder, type EmitPart, type EventReader } from '../decode-events.ts'
import { isRecord, type JsonRecord, parseJson, toRecord, toText } from '../lenient-json.ts'
import { mapStreamError } from '../openai/map-error.ts'
import { toToolInput } from '../openai/tool-calls.ts'
import type { ProviderCall, ProviderDecoder } from '../provider-adapter.ts'
import { mapFinish } from './map-finish.ts'
import { mapStep } from './map-step.ts'
import { mapUsage } from './map-usage.ts'

interface FunctionCall {
  callId: string
  name: string
  input: string
}

/** Typed, numbered events; `response.created` and its like are no content, as errors may follow them. */
export function createDecoder(_call: ProviderCall): ProviderDecoder {
  return createEventDecoder(createResponseReader())
}

function createResponseReader(): EventReader {
  /** By item id: the stream names items, the answer to a call names its `call_id`. */
  const calls = new Map<string, FunctionCall>()
  let responseId = ''
  let sequence: number | null = null
  let toldSequence: number | null = null
  let hasToolCalls = false
  let isEnded = false

  /** Once per piece rather than per event; but before a failure, after which nothing is told. */
  function tellIds(emit: EmitPart): void {
    if (sequence === null || sequence === toldSequence) return
    toldSequence = sequence
    emit({ type: 'ids', ids: { ...(responseId === '' ? {} : { messageId: responseId }), sequence } })
  }

  function readItem(item: JsonRecord, isDone: boolean, emit: EmitPart): void {
    const id = toText(item['id'])
    const type = toText(item['type'])
    if (type === 'function_call' || type === 'custom_tool_call') {
      if (isDone) endCall(id, toText(item['arguments']) || toText(item['input']), emit)
      else startCall(id, item, emit)
      return
    }
    const step = mapStep(item, isDone)
    if (step) emit({ type: 'step', stepId: id, step })
  }

  function startCall(id: string, item: JsonRecord, emit: EmitPart): void {
    const call = { callId: toText(item['call_id']) || id, name: toText(item['name']), input: '' }
    calls.set(id, call)
    hasToolCalls = true
    emit({ type: 'tool-input-start', toolCallId: call.callId, toolName: call.name })
  }

  function addInput(id: string, delta: string, emit: EmitPart): void {
    const call = calls.get(id)
    if (!call || delta === '') return
    call.input += delta
    emit({ type: 'tool-input-delta', toolCallId: call.callId, delta })
  }

  /** Told twice, by `…arguments.done` and by `output_item.done`; the first one counts. */
  function endCall(id: string, input: string, emit: EmitPart): void {
    const call = calls.get(id)
    if (!call) return
    calls.delete(id)
    emit({ type: 'tool-input', toolCallId: call.callId, toolName: call.name, input: toToolInput(input || call.input) })
  }

  function readAnnotation(annotation: JsonRecord, emit: EmitPart): void {
    const url = toText(annotation['url'])
    const title = toText(annotation['title']) || toText(annotation['filename']) || url
    const sourceId = url || toText(annotation['file_id'])
    if (sourceId !== '') emit({ type: 'source', sourceId, title, ...(url === '' ? {} : { url }) })
  }

  function readEnd(response: JsonRecord, emit: EmitPart): void {
    isEnded = true
    const usage = mapUsage(response)
    if (usage) emit({ type: 'usage', usage })
    emit({ type: 'finish', reason: mapFinish(response, hasToolCalls) })
  }

  function readFailure(data: JsonRecord, emit: EmitPart): void {
    isEnded = true
    const response = toRecord(data['response'])
    const error = isRecord(response['error']) ? response['error'] : data
    tellIds(emit)
    emit({ type: 'failure', failure: mapStreamError(error) })
  }

  function readEvent(type: string, data: JsonRecord, emit: EmitPart): void {
    const itemId = toText(data['item_id'])
    switch (type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        emit({ type: 'text', delta: toText(data['delta']) })
        return
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        emit({ type: 'reasoning', delta: toText(data['delta']) })
        return
      case 'response.reasoning_summary_part.added':
        if (data['summary_index'] !== 0) emit({ type: 'reasoning', delta: '\n\n' })
        return
      case 'response.output_item.added':
      case 'response.output_item.done':
        readItem(toRecord(data['item']), type.endsWith('done'), emit)
        return
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        addInput(itemId, toText(data['delta']), emit)
        return
      case 'response.function_call_arguments.done':
      case 'response.custom_tool_call_input.done':
        endCall(itemId, toText(data['arguments']) || toText(data['input']), emit)
        return
      case 'response.output_text.annotation.added':
        readAnnotation(toRecord(data['annotation']), emit)
        return
      default:
        readStatus(type, data, emit)
    }
  }

  function readStatus(type: string, data: JsonRecord, emit: EmitPart): void {
    switch (type) {
      case 'response.completed':
      case 'response.incomplete':
        readEnd(toRecord(data['response']), emit)
        return
      case 'error':
      case 'response.failed':
      case 'response.cancelled':
        readFailure(data, emit)
        return
      default:
    }
  }

  return {
    read(event, emit) {
      if (event.data.trim() === '[DONE]') return true
      const data = parseJson(event.data)
      if (!isRecord(data)) return false
      const id = toText(toRecord(data['response'])['id'])
      if (id !== '' && responseId === '') responseId = id
      if (typeof data['sequence_number'] === 'number') sequence = data['sequence_number']
      readEvent(toText(data['type']) || event.event, data, emit)
      return true
    },
    afterPiece: tellIds,
    isFinished: () => isEnded,
  }
}
