import { createEventDecoder, type EmitPart, type EventReader } from '../decode-events.ts'
import { isRecord, type JsonRecord, parseJson, toRecord, toRecords, toText } from '../lenient-json.ts'
import type { ProviderCall, ProviderDecoder } from '../provider-adapter.ts'
import { mapStreamError } from './map-error.ts'
import { mapFinish } from './map-finish.ts'
import { mapInteractive } from './map-interactive.ts'
import { mapUsage } from './map-usage.ts'
import { hasDetail } from './to-request.ts'
import { createWorkflowSteps } from './workflow-steps.ts'

/** Named events of a workflow; without `detail` only unnamed answer chunks, as OpenAI's. */
export function createDecoder(call: ProviderCall): ProviderDecoder {
  return createEventDecoder(createWorkflowReader(call))
}

function createWorkflowReader(call: ProviderCall): EventReader {
  const steps = createWorkflowSteps()
  const responses: JsonRecord[] = []
  let hasIds = false
  let isDone = false
  let hasResponses = false

  /** The ids are ours, but only now the upstream knows them; a run that was refused never does. */
  function emitIds(emit: EmitPart): void {
    if (hasIds) return
    hasIds = true
    const { conversationId } = call.upstream
    emit({
      type: 'ids',
      ids: { messageId: call.answerId, ...(conversationId === undefined ? {} : { conversationId }) },
    })
  }

  function finish(reason: string, emit: EmitPart): void {
    steps.end('done', emit)
    emit({ type: 'finish', reason: mapFinish(reason) })
  }

  /** Ids, object and model are empty here, and a heartbeat is an answer without text. */
  function readAnswer(chunk: JsonRecord, emit: EmitPart): void {
    const choice = toRecords(chunk['choices'])[0]
    const delta = toRecord(choice?.['delta'])
    emit({ type: 'reasoning', delta: toText(delta['reasoning_content']) })
    emit({ type: 'text', delta: toText(delta['content']) })
    const reason = toText(choice?.['finish_reason'])
    if (reason !== '') finish(reason, emit)
  }

  function readError(data: unknown, text: string, emit: EmitPart): void {
    steps.end('failed', emit)
    emit({ type: 'failure', failure: mapStreamError(isRecord(data) ? data : { message: text }) })
  }

  function readResponses(list: readonly JsonRecord[], isLive: boolean, emit: EmitPart): void {
    responses.push(...list)
    for (const response of list) steps.readResponse(response, isLive, emit)
    const usage = mapUsage(responses)
    if (usage) emit({ type: 'usage', usage })
  }

  function readNamed(event: string, data: unknown, emit: EmitPart): void {
    switch (event) {
      case '':
      case 'answer':
      case 'fastAnswer':
        if (!isDone) readAnswer(toRecord(data), emit)
        return
      case 'flowNodeStatus':
        steps.readStatus(toRecord(data), emit)
        return
      case 'flowNodeResponse':
        readResponses([toRecord(data)], true, emit)
        return
      case 'flowResponses':
        hasResponses = true
        readResponses(toRecords(data), false, emit)
        return
      case 'toolCall':
      case 'toolParams':
      case 'toolResponse':
        steps.readTool(event, toRecord(toRecord(data)['tool']), emit)
        return
      case 'interactive': {
        const request = mapInteractive(toRecord(data)['interactive'] ?? data)
        if (request) emit({ type: 'input-request', requestId: `input-${call.answerId}`, request })
        return
      }
      default:
    }
  }

  /** Without `detail` an error has no event line either. */
  function isError(event: string, data: unknown): boolean {
    if (event === 'error') return true
    return event === '' && isRecord(data) && data['choices'] === undefined && toText(data['message']) !== ''
  }

  return {
    read(event, emit) {
      if (event.data.trim() === '[DONE]') {
        isDone = true
        finish('', emit)
        return true
      }
      const data = parseJson(event.data)
      if (isError(event.event, data)) {
        readError(data, event.data, emit)
        return true
      }
      if (data === undefined) return false
      emitIds(emit)
      readNamed(event.event, data, emit)
      return true
    },
    // The last figures: version 1 sends them in one piece after `[DONE]`, version 2 ends with the connection.
    isFinished: () => isDone && (hasResponses || !hasDetail(call.target)),
  }
}
