import { findText, type JsonObject } from '../http/json-fields.ts'
import { toSimulatedTools } from '../openai/simulated-tools.ts'
import type { Beat, BeatKind, RunProgress, StreamSource } from '../run/beat.ts'
import { toHexDigits } from '../text/stable-hash.ts'
import {
  listToolItems,
  type ResponseMaking,
  type ResponseStatus,
  toMessageItem,
  toReasoningItem,
  toResponseObject,
} from './response-object.ts'

function toFrame(sequence: number, type: string, fields: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence, ...fields })}\n\n`
}

/** Makes beats that are numbered by the frames already sent. */
type BeatMaker = (kind: BeatKind, type: string, fields: JsonObject) => Beat

function createBeatMaker(progress: RunProgress): BeatMaker {
  return (kind, type, fields) => ({
    kind,
    frame: toFrame(progress.frames, type, fields),
  })
}

function* toReasoningBeats(making: ResponseMaking, make: BeatMaker, progress: RunProgress): Generator<Beat> {
  const { reasoning } = making.admitted.text
  if (reasoning.length === 0) return
  const place = {
    item_id: making.reasoningId,
    output_index: 0,
    summary_index: 0,
  }
  const emptyItem = { id: making.reasoningId, type: 'reasoning', summary: [] }
  yield make('block', 'response.output_item.added', {
    output_index: 0,
    item: emptyItem,
  })
  const emptyPart = { type: 'summary_text', text: '' }
  yield make('block', 'response.reasoning_summary_part.added', {
    ...place,
    part: emptyPart,
  })
  for (const token of reasoning) {
    yield make('reasoning', 'response.reasoning_summary_text.delta', {
      ...place,
      delta: token,
    })
    if (progress.isStopped()) return
  }
  const text = reasoning.join('')
  yield make('block', 'response.reasoning_summary_text.done', {
    ...place,
    text,
  })
  yield make('block', 'response.reasoning_summary_part.done', {
    ...place,
    part: { type: 'summary_text', text },
  })
  yield make('block', 'response.output_item.done', {
    output_index: 0,
    item: toReasoningItem(making, text),
  })
}

/** One delta event; written by hand, since this runs for every token. */
function createDeltaWriter(making: ResponseMaking, outputIndex: number): (token: string, sequence: number) => string {
  const type = 'response.output_text.delta'
  const head = `event: ${type}\ndata: {"type":"${type}","content_index":0,"delta":`
  const padding = making.asked.includesObfuscation
    ? `,"obfuscation":"${toHexDigits(making.admitted.seed, 'pad', 8)}"`
    : ''
  const tail = `,"item_id":"${making.messageId}","logprobs":[],"output_index":${String(outputIndex)}${padding}`
  return (token, sequence) => `${head}${JSON.stringify(token)}${tail},"sequence_number":${String(sequence)}}\n\n`
}

function* toMessageBeats(making: ResponseMaking, make: BeatMaker, progress: RunProgress): Generator<Beat> {
  const { answer, reasoning } = making.admitted.text
  if (answer.length === 0 || progress.isStopped()) return
  const outputIndex = reasoning.length > 0 ? 1 : 0
  const place = {
    item_id: making.messageId,
    output_index: outputIndex,
    content_index: 0,
  }
  const emptyItem = {
    id: making.messageId,
    type: 'message',
    status: 'in_progress',
    content: [],
    role: 'assistant',
  }
  yield make('block', 'response.output_item.added', {
    output_index: outputIndex,
    item: emptyItem,
  })
  const emptyPart = {
    type: 'output_text',
    annotations: [],
    logprobs: [],
    text: '',
  }
  yield make('block', 'response.content_part.added', {
    ...place,
    part: emptyPart,
  })
  const toDelta = createDeltaWriter(making, outputIndex)
  for (const token of answer) {
    yield { kind: 'answer', frame: toDelta(token, progress.frames) }
    if (progress.isStopped()) return
  }
  const text = answer.join('')
  yield make('block', 'response.output_text.done', {
    ...place,
    logprobs: [],
    text,
  })
  yield make('block', 'response.content_part.done', {
    ...place,
    part: { ...emptyPart, text },
  })
  const status = making.admitted.text.finish === 'stop' ? 'completed' : 'incomplete'
  yield make('finish', 'response.output_item.done', {
    output_index: outputIndex,
    item: toMessageItem(making, text, status),
  })
}

function* toToolBeats(making: ResponseMaking, make: BeatMaker, progress: RunProgress): Generator<Beat> {
  const { text, seed, plan } = making.admitted
  if (progress.isStopped() || text.finish !== 'stop') return
  const tools = toSimulatedTools(seed, plan.tools)
  const firstIndex = (text.reasoning.length > 0 ? 1 : 0) + (text.answer.length > 0 ? 1 : 0)
  for (const [index, item] of listToolItems(making).entries()) {
    const place = {
      item_id: findText(item, 'id'),
      output_index: firstIndex + index,
    }
    const started = { ...item, status: 'in_progress', arguments: '' }
    yield make('step', 'response.output_item.added', {
      output_index: place.output_index,
      item: started,
    })
    for (const piece of tools[index]?.pieces ?? []) {
      yield make('step', 'response.function_call_arguments.delta', {
        ...place,
        delta: piece,
      })
    }
    const fullArguments = findText(item, 'arguments')
    yield make('block', 'response.function_call_arguments.done', {
      ...place,
      arguments: fullArguments,
    })
    yield make('block', 'response.output_item.done', {
      output_index: place.output_index,
      item,
    })
  }
}

/** The status a response ends with, and so the name of its last event. */
export function toFinalStatus(making: ResponseMaking, progress: RunProgress): ResponseStatus {
  if (progress.isStopped()) return 'cancelled'
  return making.admitted.text.finish === 'stop' ? 'completed' : 'incomplete'
}

/** All events of a streamed response, numbered from 0 without a gap. */
export function createResponseSource(making: ResponseMaking): StreamSource {
  function* createBeats(progress: RunProgress): Generator<Beat> {
    const make = createBeatMaker(progress)
    const toState = (status: ResponseStatus): JsonObject => ({
      response: toResponseObject(making, status, progress),
    })
    const isBackground = making.asked.isBackground
    yield make('open', 'response.created', toState(isBackground ? 'queued' : 'in_progress'))
    if (isBackground) yield make('open', 'response.queued', toState('queued'))
    yield make('open', 'response.in_progress', toState('in_progress'))
    yield* toReasoningBeats(making, make, progress)
    yield* toMessageBeats(making, make, progress)
    yield* toToolBeats(making, make, progress)
    if (progress.isStopped()) return
    const status = toFinalStatus(making, progress)
    // The success marker and the end are one event here, so a missing [DONE] means a missing last event.
    yield make('done', `response.${status}`, toState(status))
  }

  return {
    createBeats,
    errorsAfterOpening: true,
    toErrorFrames(progress, code, message) {
      const wireCode = code ?? 'server_error'
      const error = { type: wireCode, code: wireCode, message, param: null }
      return [
        toFrame(progress.frames, 'error', { error }),
        toFrame(progress.frames + 1, 'response.failed', {
          response: toResponseObject(making, 'failed', progress),
        }),
      ]
    },
    keepAliveFrame: ': keep-alive\n\n',
    unknownFrame: 'event: response.simulated.unknown\ndata: {"type":"response.simulated.unknown"}\n\n',
    malformedFrame: 'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":\n\n',
    afterDoneFrame:
      'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"after done"}\n\n',
  }
}
