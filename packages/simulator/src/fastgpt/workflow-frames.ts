import type { JsonObject } from '../http/json-fields.ts'
import type { Beat, RunProgress, StreamSource } from '../run/beat.ts'
import { toFastgptErrorFrame } from './fastgpt-error.ts'
import {
  listNodeResponses,
  listStepNames,
  listWorkflowTools,
  toAnswerNodeResponse,
  toStepResponse,
  toToolResult,
  toToolValue,
  type WorkflowRequest,
} from './workflow.ts'

const CHUNK_HEAD = '{"id":"","object":"","created":0,"model":"","choices":[{"delta":'
const CHUNK_TAIL = ',"index":0,"finish_reason":null}]}\n\n'

function toEventFrame(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

function* toToolBeats(request: WorkflowRequest): Generator<Beat> {
  for (const tool of listWorkflowTools(request)) {
    yield {
      kind: 'step',
      frame: toEventFrame('toolCall', { tool: toToolValue(tool, '', '') }),
    }
    for (const piece of tool.pieces) {
      yield {
        kind: 'block',
        frame: toEventFrame('toolParams', {
          tool: { id: tool.callId, params: piece },
        }),
      }
    }
    yield {
      kind: 'step',
      frame: toEventFrame('toolResponse', {
        tool: { id: tool.callId, response: toToolResult(tool) },
      }),
    }
  }
}

function* toStepBeats(request: WorkflowRequest, progress: RunProgress): Generator<Beat> {
  for (const [index, name] of listStepNames(request).entries()) {
    const frame = request.isDetailed ? toEventFrame('flowNodeStatus', { status: 'running', name }) : ''
    yield { kind: 'step', frame }
    if (progress.isStopped()) return
    if (request.isDetailed && request.version === 'v2') {
      yield {
        kind: 'block',
        frame: toEventFrame('flowNodeResponse', toStepResponse(request, index)),
      }
    }
  }
  if (!request.isDetailed) return
  yield* toToolBeats(request)
  const name = request.interactive === null ? 'AI chat' : 'Question'
  yield {
    kind: 'block',
    frame: toEventFrame('flowNodeStatus', { status: 'running', name }),
  }
}

function* toAnswerBeats(request: WorkflowRequest, prefix: string, progress: RunProgress): Generator<Beat> {
  const { reasoning, answer } = request.admitted.text
  if (progress.isStopped()) return
  if (request.interactive !== null) {
    const frame = request.isDetailed ? toEventFrame('interactive', { interactive: request.interactive }) : ''
    yield { kind: 'step', frame }
    return
  }
  const reasoningHead = `${prefix}data: ${CHUNK_HEAD}{"role":"assistant","content":"","reasoning_content":`
  for (const token of reasoning) {
    yield {
      kind: 'reasoning',
      frame: `${reasoningHead}${JSON.stringify(token)}}${CHUNK_TAIL}`,
    }
    if (progress.isStopped()) return
  }
  const answerHead = `${prefix}data: ${CHUNK_HEAD}{"role":"assistant","content":`
  for (const token of answer) {
    yield {
      kind: 'answer',
      frame: `${answerHead}${JSON.stringify(token)}}${CHUNK_TAIL}`,
    }
    if (progress.isStopped()) return
  }
}

function* toClosingBeats(request: WorkflowRequest, prefix: string, progress: RunProgress): Generator<Beat> {
  const isLive = request.isDetailed && request.version === 'v2'
  if (isLive) {
    const report: JsonObject = toAnswerNodeResponse(request, progress)
    yield { kind: 'block', frame: toEventFrame('flowNodeResponse', report) }
    yield {
      kind: 'block',
      frame: toEventFrame('workflowDuration', { durationSeconds: 1.2 }),
    }
  }
  const delta = '{"role":"assistant","content":null}'
  const finish = `${prefix}data: ${CHUNK_HEAD}${delta},"index":0,"finish_reason":"stop"}]}\n\n`
  yield { kind: 'finish', frame: finish }
  yield { kind: 'done', frame: `${prefix}data: [DONE]\n\n` }
  if (request.isDetailed && request.version === 'v1') {
    yield {
      kind: 'tail',
      frame: toEventFrame('flowResponses', listNodeResponses(request, progress)),
    }
  }
}

/** All events of a streamed FastGPT answer; without detail they have no event line, so that any OpenAI client reads them. */
export function createWorkflowSource(request: WorkflowRequest): StreamSource {
  const prefix = request.isDetailed ? 'event: answer\n' : ''

  function* createBeats(progress: RunProgress): Generator<Beat> {
    yield* toStepBeats(request, progress)
    yield* toAnswerBeats(request, prefix, progress)
    yield* toClosingBeats(request, prefix, progress)
  }

  const toContentFrame = (content: string): string =>
    `${prefix}data: ${CHUNK_HEAD}${JSON.stringify({ role: 'assistant', content })}${CHUNK_TAIL}`

  return {
    createBeats,
    toErrorFrames: (_progress, code, message) => [toFastgptErrorFrame(code, message)],
    keepAliveFrame: toContentFrame(''),
    unknownFrame: toEventFrame('simulatedUnknown', { value: 1 }),
    malformedFrame: `${prefix}data: ${CHUNK_HEAD}{"content":\n\n`,
    afterDoneFrame: toContentFrame('after done'),
  }
}
