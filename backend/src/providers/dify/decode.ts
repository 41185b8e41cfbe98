import { createEventDecoder, type EmitPart, type EventReader } from '../decode-events.ts'
import { isRecord, type JsonRecord, parseJson, toRecord, toRecords, toText } from '../lenient-json.ts'
import type { ProviderCall, ProviderDecoder } from '../provider-adapter.ts'
import { toFailure } from '../provider-failure.ts'
import type { ProviderFailure } from '../provider-part.ts'
import { createIdTeller } from './id-teller.ts'
import { mapStreamError, mapWorkflowError } from './map-error.ts'
import { mapHumanInput } from './map-human-input.ts'
import { mapAgentLog, mapNode, mapThought, type Step } from './map-step.ts'
import { mapUsage } from './map-usage.ts'

/**
 * The event name is inside the data. Chat, agent and chatflow apps differ only in which events they send. A re-attached
 * stream begins anywhere in the answer, so its text is no continuation of what was shown: such a decoder follows the steps
 * and then fails as truncated, upon which the stored answer can be fetched.
 */
export function createDecoder(call: ProviderCall, mode?: { isReattached: boolean }): ProviderDecoder {
  return createEventDecoder(createMessageReader(call, mode?.isReattached === true))
}

function createMessageReader(call: ProviderCall, isReattached: boolean): EventReader {
  const ids = createIdTeller()
  let isWorkflow = false
  let isWorkflowFinished = false
  let isMessageEnded = false
  let isPaused = false
  let hasAsked = false
  let workflowFailure: ProviderFailure | null = null

  function emitText(delta: string, emit: EmitPart): void {
    if (!isReattached) emit({ type: 'text', delta })
  }

  function replaceText(text: string, emit: EmitPart): void {
    if (isReattached) return
    emit({ type: 'superseded', reason: 'The agent replaced its answer.' })
    emit({ type: 'text', delta: text })
  }

  function emitStep(step: Step | null, emit: EmitPart): void {
    if (step) emit({ type: 'step', ...step })
  }

  function ask(data: JsonRecord, emit: EmitPart): void {
    if (hasAsked) return
    hasAsked = true
    emit({ type: 'input-request', requestId: `input-${call.answerId}`, request: mapHumanInput(data) })
  }

  function finish(reason: 'stop' | 'other', emit: EmitPart): void {
    if (!isReattached || isPaused) {
      emit({ type: 'finish', reason })
      return
    }
    const message = 'The run ended while nobody listened; its answer has to be fetched.'
    emit({ type: 'failure', failure: toFailure('upstream_truncated', { message }) })
  }

  function readMessageEnd(data: JsonRecord, emit: EmitPart): void {
    isMessageEnded = true
    const metadata = toRecord(data['metadata'])
    for (const resource of toRecords(metadata['retriever_resources'])) {
      const title = toText(resource['document_name']) || toText(resource['dataset_name'])
      const sourceId = toText(resource['segment_id']) || toText(resource['document_id']) || title
      if (sourceId !== '') emit({ type: 'source', sourceId, title })
    }
    const usage = mapUsage(metadata)
    if (usage) emit({ type: 'usage', usage })
    finish('stop', emit)
  }

  function readWorkflowFinished(data: JsonRecord, emit: EmitPart): void {
    isWorkflow = true
    isWorkflowFinished = true
    // The `error` event that follows says whether a retry makes sense; this one counts only when it stays away.
    if (data['status'] === 'failed') workflowFailure = mapWorkflowError(toText(data['error']))
    else if (isReattached) finish('stop', emit)
  }

  function readPaused(data: JsonRecord, emit: EmitPart): void {
    isPaused = true
    ask(toRecord(toRecords(data['reasons'])[0]), emit)
    finish('other', emit)
  }

  function readMessageFile(event: JsonRecord, emit: EmitPart): void {
    const url = toText(event['url'])
    if (url === '' || event['belongs_to'] === 'user') return
    emit({ type: 'source', sourceId: toText(event['id']) || url, title: toText(event['type']) || 'file', url })
  }

  function readEvent(name: string, event: JsonRecord, emit: EmitPart): void {
    const data = toRecord(event['data'])
    switch (name) {
      case 'message':
      case 'agent_message':
        emitText(toText(event['answer']), emit)
        return
      case 'text_chunk':
        emitText(toText(data['text']), emit)
        return
      case 'message_replace':
        replaceText(toText(event['answer']), emit)
        return
      case 'text_replace':
        replaceText(toText(data['text']), emit)
        return
      case 'reasoning_chunk':
        if (!isReattached) emit({ type: 'reasoning', delta: toText(data['reasoning']) })
        return
      case 'agent_thought':
        emitStep(mapThought(event), emit)
        return
      case 'agent_log':
        emitStep(mapAgentLog(data), emit)
        return
      case 'message_file':
        readMessageFile(event, emit)
        return
      case 'message_end':
        readMessageEnd(event, emit)
        return
      case 'error':
        emit({ type: 'failure', failure: mapStreamError(event) })
        return
      default:
        readWorkflowEvent(name, data, emit)
    }
  }

  function readWorkflowEvent(name: string, data: JsonRecord, emit: EmitPart): void {
    switch (name) {
      case 'workflow_started':
        isWorkflow = true
        return
      case 'workflow_finished':
        readWorkflowFinished(data, emit)
        return
      case 'human_input_required':
        ask(data, emit)
        return
      case 'workflow_paused':
        readPaused(data, emit)
        return
      default:
        if (/^(node_(started|finished|retry)|(iteration|loop)_(started|completed))$/.test(name)) {
          emitStep(mapNode(name, data), emit)
        }
    }
  }

  return {
    read(event, emit) {
      const value = parseJson(event.data)
      if (!isRecord(value)) return false
      ids.read(value, emit)
      readEvent(toText(value['event']) || event.event, value, emit)
      return true
    },
    end(emit) {
      if (workflowFailure) emit({ type: 'failure', failure: workflowFailure })
      // Workflow apps have no message to end.
      else if (isWorkflowFinished && !isMessageEnded) finish('stop', emit)
    },
    isFinished: () => isPaused || (isMessageEnded && (isWorkflowFinished || !isWorkflow)),
  }
}
