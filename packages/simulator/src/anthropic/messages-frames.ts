import type { JsonObject } from '../http/json-fields.ts'
import { toSimulatedTools } from '../openai/simulated-tools.ts'
import type { AdmittedGeneration } from '../run/admit-generation.ts'
import type { Beat, BeatKind, RunProgress, StreamSource } from '../run/beat.ts'
import { toHexDigits } from '../text/stable-hash.ts'
import { toAnthropicErrorFrame } from './anthropic-error.ts'
import type { MessagesRequest } from './messages-request.ts'

function toBeat(kind: BeatKind, type: string, fields: JsonObject): Beat {
  return {
    kind,
    frame: `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`,
  }
}

const PING_FRAME = 'event: ping\ndata: {"type":"ping"}\n\n'

/** The usage at the start of a message, or at its end when there is progress; null when the plan leaves it out. */
export function toMessagesUsage(admitted: AdmittedGeneration, progress: RunProgress | null): JsonObject | null {
  if (admitted.plan.usage === 'none' || admitted.faults.has('no-usage')) return null
  const cached = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }
  const input = { input_tokens: admitted.promptTokens, ...cached }
  if (progress !== null)
    return {
      ...input,
      output_tokens: progress.answerTokens + progress.reasoningTokens,
    }
  const creation = {
    cache_creation: {
      ephemeral_5m_input_tokens: 0,
      ephemeral_1h_input_tokens: 0,
    },
  }
  return {
    ...input,
    ...creation,
    output_tokens: 1,
    service_tier: 'standard',
    inference_geo: 'not_available',
  }
}

export function toMessageId(admitted: AdmittedGeneration): string {
  return `msg_01${toHexDigits(admitted.seed, 'message', 22)}`
}

/** Why the message ends, in Anthropic's words. */
export function toStopReason(admitted: AdmittedGeneration, request: MessagesRequest): string {
  const { finish } = admitted.text
  if (finish === 'length') return 'max_tokens'
  if (finish === 'content-filter') return 'refusal'
  return admitted.plan.tools > 0 && !request.isToolResult ? 'tool_use' : 'end_turn'
}

export function toThinkingSignature(admitted: AdmittedGeneration): string {
  return toHexDigits(admitted.seed, 'signature', 64)
}

/** The tool_use blocks of the plan, with their input in pieces. */
export function listToolBlocks(
  admitted: AdmittedGeneration,
  request: MessagesRequest,
): { block: JsonObject; pieces: readonly string[] }[] {
  if (request.isToolResult || admitted.text.finish !== 'stop') return []
  return toSimulatedTools(admitted.seed, admitted.plan.tools).map((tool, index) => ({
    block: {
      type: 'tool_use',
      id: `toolu_01${toHexDigits(admitted.seed, `toolu ${String(index)}`, 22)}`,
      name: tool.name,
      input: tool.input,
    },
    pieces: ['', ...tool.pieces],
  }))
}

function* toThinkingBeats(admitted: AdmittedGeneration, progress: RunProgress): Generator<Beat> {
  const block = { type: 'thinking', thinking: '', signature: '' }
  yield toBeat('block', 'content_block_start', {
    index: 0,
    content_block: block,
  })
  for (const token of admitted.text.reasoning) {
    yield toBeat('reasoning', 'content_block_delta', {
      index: 0,
      delta: { type: 'thinking_delta', thinking: token },
    })
    if (progress.isStopped()) return
  }
  const signature = {
    type: 'signature_delta',
    signature: toThinkingSignature(admitted),
  }
  yield toBeat('block', 'content_block_delta', { index: 0, delta: signature })
  yield toBeat('block', 'content_block_stop', { index: 0 })
}

function* toTextBeats(admitted: AdmittedGeneration, index: number, progress: RunProgress): Generator<Beat> {
  yield toBeat('block', 'content_block_start', {
    index,
    content_block: { type: 'text', text: '' },
  })
  if (index === 0) yield { kind: 'block', frame: PING_FRAME }
  const head = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${String(index)},"delta":{"type":"text_delta","text":`
  for (const token of admitted.text.answer) {
    yield { kind: 'answer', frame: `${head}${JSON.stringify(token)}}}\n\n` }
    if (progress.isStopped()) return
  }
  yield toBeat('block', 'content_block_stop', { index })
}

function* toToolBeats(admitted: AdmittedGeneration, request: MessagesRequest, firstIndex: number): Generator<Beat> {
  for (const [offset, { block, pieces }] of listToolBlocks(admitted, request).entries()) {
    const index = firstIndex + offset
    yield toBeat('step', 'content_block_start', {
      index,
      content_block: { ...block, input: {} },
    })
    for (const piece of pieces) {
      yield toBeat('step', 'content_block_delta', {
        index,
        delta: { type: 'input_json_delta', partial_json: piece },
      })
    }
    yield toBeat('block', 'content_block_stop', { index })
  }
}

function* toBlockBeats(admitted: AdmittedGeneration, request: MessagesRequest, progress: RunProgress): Generator<Beat> {
  const { reasoning, answer } = admitted.text
  let index = 0
  if (reasoning.length > 0) {
    yield* toThinkingBeats(admitted, progress)
    index += 1
  } else if (answer.length === 0) yield { kind: 'block', frame: PING_FRAME }
  if (answer.length > 0) {
    yield* toTextBeats(admitted, index, progress)
    index += 1
  }
  yield* toToolBeats(admitted, request, index)
}

function toStart(admitted: AdmittedGeneration, request: MessagesRequest): JsonObject {
  const usage = toMessagesUsage(admitted, null)
  return {
    message: {
      model: request.model,
      id: toMessageId(admitted),
      type: 'message',
      role: 'assistant',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      ...(usage === null ? {} : { usage }),
    },
  }
}

function toEnd(admitted: AdmittedGeneration, request: MessagesRequest, progress: RunProgress): JsonObject {
  const stopReason = toStopReason(admitted, request)
  const details = {
    stop_details: {
      type: 'refusal',
      category: 'simulated',
      explanation: 'a planned refusal',
    },
  }
  const usage = toMessagesUsage(admitted, progress)
  return {
    delta: {
      stop_reason: stopReason,
      stop_sequence: null,
      ...(stopReason === 'refusal' ? details : {}),
    },
    ...(usage === null ? {} : { usage }),
  }
}

/** All events of a streamed message. */
export function createMessagesSource(admitted: AdmittedGeneration, request: MessagesRequest): StreamSource {
  function* createBeats(progress: RunProgress): Generator<Beat> {
    yield toBeat('open', 'message_start', toStart(admitted, request))
    yield* toBlockBeats(admitted, request, progress)
    yield toBeat('finish', 'message_delta', toEnd(admitted, request, progress))
    yield toBeat('done', 'message_stop', {})
  }

  return {
    createBeats,
    toErrorFrames: (_progress, code, message) => [toAnthropicErrorFrame(code, message)],
    keepAliveFrame: PING_FRAME,
    unknownFrame: 'event: simulated_unknown\ndata: {"type":"simulated_unknown","value":1}\n\n',
    malformedFrame: 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":\n\n',
    afterDoneFrame:
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"after done"}}\n\n',
  }
}
