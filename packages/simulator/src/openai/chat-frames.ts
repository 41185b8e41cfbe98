import type { JsonObject } from '../http/json-fields.ts'
import type { SimulatorPlan } from '../plan.ts'
import type { AdmittedGeneration } from '../run/admit-generation.ts'
import type { Beat, BeatKind, RunProgress, StreamSource } from '../run/beat.ts'
import { toHexDigits } from '../text/stable-hash.ts'
import { type ChatDialect, toChatDialect } from './chat-dialect.ts'
import type { ChatRequest } from './chat-request.ts'
import { type ChatFramesRequest, ChunkWriter } from './chunk-writer.ts'
import { toOpenaiErrorFrame } from './openai-error.ts'
import { type SimulatedTool, toSimulatedTools } from './simulated-tools.ts'

/** The id of a chat completion; Ollama counts instead of drawing. */
export function toChatId(seed: number, plan: SimulatorPlan): string {
  return plan.quirk === 'ollama' ? `chatcmpl-${String(seed % 1000)}` : `chatcmpl-${toHexDigits(seed, 'chat', 28)}`
}

function toToolDelta(index: number, tool: SimulatedTool, dialect: ChatDialect): JsonObject {
  const isWhole = dialect.tools === 'whole' || dialect.tools === 'whole-without-index'
  const call = {
    name: tool.name,
    arguments: isWhole ? tool.argumentsJson : '',
  }
  return {
    ...(dialect.tools === 'whole-without-index' ? {} : { index }),
    id: tool.callId,
    type: 'function',
    function: call,
  }
}

function* toToolBeats(tools: readonly SimulatedTool[], writer: ChunkWriter, dialect: ChatDialect): Generator<Beat> {
  for (const [index, tool] of tools.entries()) {
    const first = {
      content: null,
      tool_calls: [toToolDelta(index, tool, dialect)],
    }
    yield { kind: 'step', frame: writer.toDeltaFrame(JSON.stringify(first)) }
    if (dialect.tools !== 'pieces' && dialect.tools !== 'pieces-empty-id') continue
    for (const piece of tool.pieces) {
      const id = dialect.tools === 'pieces-empty-id' ? { id: '' } : {}
      const delta = {
        tool_calls: [{ index, ...id, function: { arguments: piece } }],
      }
      yield { kind: 'step', frame: writer.toDeltaFrame(JSON.stringify(delta)) }
    }
  }
}

function toFinishReason(request: ChatFramesRequest, toolCount: number): string {
  const { finish } = request.admitted.text
  if (finish === 'content-filter') return 'content_filter'
  if (finish === 'length') return request.dialect.lengthReason
  return toolCount > 0 ? 'tool_calls' : 'stop'
}

function* toTokenBeats(request: ChatFramesRequest, writer: ChunkWriter, progress: RunProgress): Generator<Beat> {
  const { admitted, chat, dialect } = request
  const { reasoning, answer } = admitted.text
  const everyUsage = chat.hasContinuousUsage && writer.hasUsage
  const toBeat = (kind: BeatKind, delta: string): Beat => {
    const frame = writer.toDeltaFrame(delta)
    return {
      kind,
      frame: everyUsage ? writer.withExtra(frame, `,"usage":${writer.toUsageJson(progress)}`) : frame,
    }
  }
  const toReasoningDelta = dialect.hasThinkTags ? dialect.toContentDelta : dialect.toReasoningDelta
  const hasTags = dialect.hasThinkTags && reasoning.length > 0
  if (hasTags) {
    yield toBeat('block', dialect.toContentDelta('"<th"'))
    yield toBeat('block', dialect.toContentDelta('"ink>\\n"'))
  }
  for (const token of reasoning) {
    yield toBeat('reasoning', toReasoningDelta(JSON.stringify(token)))
    if (progress.isStopped()) return
  }
  if (hasTags) {
    yield toBeat('block', dialect.toContentDelta('"\\n</thi"'))
    yield toBeat('block', dialect.toContentDelta('"nk>\\n\\n"'))
  }
  const last = dialect.mergesLastToken ? answer.length - 1 : answer.length
  for (let index = 0; index < last; index += 1) {
    yield toBeat('answer', dialect.toContentDelta(JSON.stringify(answer[index])))
    if (progress.isStopped()) return
  }
}

function toAzureFirstFrame(): string {
  const filter = [
    {
      prompt_index: 0,
      content_filter_results: { hate: { filtered: false, severity: 'safe' } },
    },
  ]
  const chunk = {
    choices: [],
    created: 0,
    id: '',
    model: '',
    object: '',
    prompt_filter_results: filter,
  }
  return `data: ${JSON.stringify(chunk)}\n\n`
}

function toAzureLastFrame(): string {
  const offsets = { check_offset: 0, start_offset: 0, end_offset: 100 }
  const choice = {
    content_filter_offsets: offsets,
    content_filter_results: {},
    finish_reason: null,
    index: 0,
  }
  return `data: ${JSON.stringify({ choices: [choice], created: 0, id: '', model: '', object: '' })}\n\n`
}

function* toOpenBeats(request: ChatFramesRequest, writer: ChunkWriter): Generator<Beat> {
  const { dialect } = request
  if (dialect.hasAzureFilter) yield { kind: 'open', frame: toAzureFirstFrame() }
  if (dialect.firstDelta === null) return
  const groq = dialect.hasGroqField ? ',"x_groq":{"id":"req_simulated"}' : ''
  yield {
    kind: 'open',
    frame: writer.withExtra(writer.toDeltaFrame(dialect.firstDelta), groq),
  }
}

function* toFinishBeats(
  request: ChatFramesRequest,
  writer: ChunkWriter,
  progress: RunProgress,
  tools: readonly SimulatedTool[],
): Generator<Beat> {
  const { admitted, dialect, chat } = request
  const merged = dialect.mergesLastToken ? admitted.text.answer.at(-1) : undefined
  const after = {
    ...progress,
    answerTokens: progress.answerTokens + (merged === undefined ? 0 : 1),
  }
  const usage = writer.hasUsage && dialect.usage === 'finish' ? `,"usage":${writer.toUsageJson(after)}` : ''
  const groqUsage = writer.hasUsage ? `,"usage":${writer.toUsageJson(progress)}` : ''
  const groq = dialect.hasGroqField ? `,"x_groq":{"id":"req_simulated"${groqUsage}}` : ''
  const delta = merged === undefined ? dialect.finishDelta : dialect.toContentDelta(JSON.stringify(merged))
  const frame = writer.toFinishFrame(delta, toFinishReason(request, tools.length), usage)
  yield { kind: 'finish', frame: writer.withExtra(frame, groq) }
  if (dialect.hasAzureFilter) yield { kind: 'block', frame: toAzureLastFrame() }
  if (writer.hasUsage && dialect.usage === 'chunk' && chat.includesUsage) {
    yield {
      kind: 'usage',
      frame: writer.toUsageFrame(writer.toUsageJson(progress)),
    }
  }
  yield { kind: 'done', frame: 'data: [DONE]\n\n' }
}

/** All frames of a streamed chat completion in the dialect of the plan's quirk. */
export function createChatSource(admitted: AdmittedGeneration, chat: ChatRequest): StreamSource {
  const dialect = toChatDialect(admitted.plan.quirk)
  const request: ChatFramesRequest = {
    admitted,
    chat,
    dialect,
    id: toChatId(admitted.seed, admitted.plan),
  }
  const writer = new ChunkWriter(request)
  const tools = chat.isToolResult ? [] : toSimulatedTools(admitted.seed, admitted.plan.tools)

  function* createBeats(progress: RunProgress): Generator<Beat> {
    yield* toOpenBeats(request, writer)
    yield* toTokenBeats(request, writer, progress)
    yield* toToolBeats(tools, writer, dialect)
    yield* toFinishBeats(request, writer, progress, tools)
  }

  return {
    createBeats,
    toErrorFrames: (_progress, code, message) => [toOpenaiErrorFrame(code, message)],
    keepAliveFrame: ': keep-alive\n\n',
    unknownFrame: 'data: {"object":"chat.completion.unknown","simulated":true}\n\n',
    malformedFrame: 'data: {"id":"chatcmpl-broken","choices":[{"index":0,"delta":{"content":\n\n',
    afterDoneFrame: writer.toDeltaFrame('{"content":"after done"}'),
  }
}
