import { toPrefill } from '../continuation.ts'
import { createEventDecoder, type EmitPart, type EventReader } from '../decode-events.ts'
import { isRecord, type JsonRecord, parseJson, toRecord, toRecords, toText } from '../lenient-json.ts'
import { toToolInput } from '../openai/tool-calls.ts'
import type { ProviderCall, ProviderDecoder } from '../provider-adapter.ts'
import { isContentPart, type ProviderUsage } from '../provider-part.ts'
import { mapStreamError } from './map-error.ts'
import { mapFinish } from './map-finish.ts'
import { mapUsage } from './map-usage.ts'

interface ToolUse {
  id: string
  name: string
  input: string
}

/** `message_start`, content blocks, `message_delta`, `message_stop`; only the last one is success. */
export function createDecoder(call: ProviderCall): ProviderDecoder {
  return createEventDecoder(createMessageReader(call))
}

function createMessageReader(call: ProviderCall): EventReader {
  const prefill = toPrefill(call.continueFrom)
  const sources = new Set<string>()
  let toolUses = new Map<unknown, ToolUse>()
  let usage: ProviderUsage | null = null
  let stopReason = ''
  let hasContent = false
  let isStopped = false

  function readStart(message: JsonRecord, emit: EmitPart): void {
    // Bad proxies splice a second message after a broken first one.
    if (hasContent) emit({ type: 'superseded', reason: 'The agent began its answer anew.' })
    hasContent = false
    toolUses = new Map()
    usage = mapUsage(message['usage'], null)
    const id = toText(message['id'])
    if (id !== '') emit({ type: 'ids', ids: { messageId: id } })
  }

  function readBlockStart(index: unknown, block: JsonRecord, emit: EmitPart): void {
    const type = toText(block['type'])
    const id = toText(block['id'])
    const name = toText(block['name'])
    if (type === 'text') emitText(toText(block['text']), emit)
    else if (type === 'thinking') emit({ type: 'reasoning', delta: toText(block['thinking']) })
    else if (type === 'tool_use') {
      toolUses.set(index, { id, name, input: '' })
      emit({ type: 'tool-input-start', toolCallId: id, toolName: name })
    } else if (type === 'server_tool_use' || type === 'mcp_tool_use') {
      emit({ type: 'step', stepId: id, step: { name, kind: 'tool', status: 'running' } })
    } else if (type.endsWith('_tool_result')) readToolResult(type, block, emit)
  }

  function readToolResult(type: string, block: JsonRecord, emit: EmitPart): void {
    const hasError = toText(toRecord(block['content'])['type']).endsWith('_error') || block['is_error'] === true
    const status = hasError ? 'failed' : 'done'
    const name = type.replace(/_tool_result$/, '')
    emit({ type: 'step', stepId: toText(block['tool_use_id']), step: { name, kind: 'tool', status } })
    for (const result of toRecords(block['content'])) emitSource(result, emit)
  }

  function emitSource(source: JsonRecord, emit: EmitPart): void {
    const url = toText(source['url'])
    const title = toText(source['title']) || toText(source['document_title'])
    const sourceId = url || title
    if (sourceId === '' || sources.has(sourceId)) return
    sources.add(sourceId)
    emit({ type: 'source', sourceId, title: title || url, ...(url === '' ? {} : { url }) })
  }

  function emitText(delta: string, emit: EmitPart): void {
    emit({ type: 'text', delta: prefill ? prefill.dropRepeat(delta) : delta })
  }

  function readBlockDelta(index: unknown, delta: JsonRecord, emit: EmitPart): void {
    switch (delta['type']) {
      case 'text_delta':
        emitText(toText(delta['text']), emit)
        return
      case 'thinking_delta':
        emit({ type: 'reasoning', delta: toText(delta['thinking']) })
        return
      case 'citations_delta':
        emitSource(toRecord(delta['citation']), emit)
        return
      case 'input_json_delta':
        addInput(toolUses.get(index), toText(delta['partial_json']), emit)
        return
      default:
    }
  }

  function addInput(toolUse: ToolUse | undefined, delta: string, emit: EmitPart): void {
    if (!toolUse || delta === '') return
    toolUse.input += delta
    emit({ type: 'tool-input-delta', toolCallId: toolUse.id, delta })
  }

  function readBlockStop(index: unknown, emit: EmitPart): void {
    const toolUse = toolUses.get(index)
    if (!toolUse) return
    toolUses.delete(index)
    const { id, name, input } = toolUse
    emit({ type: 'tool-input', toolCallId: id, toolName: name, input: toToolInput(input) })
  }

  function readStop(emit: EmitPart): void {
    isStopped = true
    if (usage) emit({ type: 'usage', usage })
    emit({ type: 'finish', reason: mapFinish(stopReason) })
  }

  function readEvent(type: string, data: JsonRecord, emit: EmitPart): void {
    switch (type) {
      case 'message_start':
        readStart(toRecord(data['message']), emit)
        return
      case 'content_block_start':
        readBlockStart(data['index'], toRecord(data['content_block']), emit)
        return
      case 'content_block_delta':
        readBlockDelta(data['index'], toRecord(data['delta']), emit)
        return
      case 'content_block_stop':
        readBlockStop(data['index'], emit)
        return
      case 'message_delta':
        stopReason = toText(toRecord(data['delta'])['stop_reason']) || stopReason
        usage = mapUsage(data['usage'], usage)
        return
      case 'message_stop':
        readStop(emit)
        return
      case 'error':
        emit({ type: 'failure', failure: mapStreamError(data) })
        return
      default:
    }
  }

  return {
    read(event, emit) {
      const data = parseJson(event.data)
      if (!isRecord(data)) return event.data.trim() === '[DONE]'
      readEvent(toText(data['type']) || event.event, data, (part) => {
        hasContent ||= isContentPart(part)
        emit(part)
      })
      return true
    },
    end(emit) {
      if (usage && !isStopped) emit({ type: 'usage', usage })
    },
    isFinished: () => isStopped,
  }
}
