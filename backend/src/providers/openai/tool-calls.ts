import type { EmitPart } from '../decode-events.ts'
import { type JsonRecord, parseJson, toRecord, toText } from '../lenient-json.ts'

interface ToolCall {
  index: number | null
  id: string
  name: string
  input: string
  isStarted: boolean
}

/** Arguments as the model wrote them; what is not JSON (cut by the length limit) stays text. */
export function toToolInput(text: string): unknown {
  if (text.trim() === '') return {}
  return parseJson(text) ?? text
}

/**
 * Collects tool calls from their deltas. Servers differ: no index, an empty id on later deltas, no name in the first, a
 * whole call in one delta, the same index for several calls.
 */
export function createToolCalls(options: { answerId: string }) {
  const calls: ToolCall[] = []

  function findCall(delta: JsonRecord, position: number): ToolCall | undefined {
    const id = toText(delta['id'])
    const index = delta['index']
    if (typeof index === 'number') {
      const call = calls.findLast((known) => known.index === index)
      const hasName = toText(toRecord(delta['function'])['name']) !== ''
      const isOther = call !== undefined && id !== '' && call.id !== '' && call.id !== id && hasName
      return isOther ? undefined : call
    }
    if (id !== '') return calls.find((known) => known.id === id)
    return calls[position] ?? calls.at(-1)
  }

  function openCall(delta: JsonRecord): ToolCall {
    const index = typeof delta['index'] === 'number' ? delta['index'] : null
    const call = { index, id: toText(delta['id']), name: '', input: '', isStarted: false }
    calls.push(call)
    return call
  }

  /** An id is needed from the first part on; a server that gives none gets one of ours. */
  function start(call: ToolCall, emit: EmitPart): void {
    if (call.id === '') call.id = `call_${options.answerId}_${calls.indexOf(call)}`
    call.isStarted = true
    emit({ type: 'tool-input-start', toolCallId: call.id, toolName: call.name })
    if (call.input !== '') emit({ type: 'tool-input-delta', toolCallId: call.id, delta: call.input })
  }

  return {
    push(delta: JsonRecord, position: number, emit: EmitPart): void {
      const call = findCall(delta, position) ?? openCall(delta)
      const custom = toRecord(delta['custom'])
      const called = toRecord(delta['function'])
      if (call.id === '') call.id = toText(delta['id'])
      const piece = toArguments(called['arguments']) + toText(custom['input'])
      call.input += piece
      if (call.isStarted) {
        if (piece !== '') emit({ type: 'tool-input-delta', toolCallId: call.id, delta: piece })
        return
      }
      call.name += toText(called['name']) || toText(custom['name'])
      if (call.name !== '') start(call, emit)
    },
    /** All calls are complete. */
    end(emit: EmitPart): void {
      for (const call of calls.splice(0)) {
        if (!call.isStarted) continue
        emit({ type: 'tool-input', toolCallId: call.id, toolName: call.name, input: toToolInput(call.input) })
      }
    },
  }
}

/** Ollama-like servers give the arguments as an object. */
function toArguments(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : toText(value)
}
