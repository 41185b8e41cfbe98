import type { JsonObject } from '../http/json-fields.ts'
import type { Beat, RunProgress, StreamSource } from '../run/beat.ts'
import { toDerivedUuid, toFixedCreatedAt } from '../text/stable-hash.ts'
import { toMessageEndFrame, toSharedFrames } from './chat-frames.ts'
import {
  createAnswerWriter,
  type DifyTurn,
  toAnswerText,
  toCommonFields,
  toDifyErrorFrame,
  toDifyFrame,
} from './dify-turn.ts'

interface FlowNode {
  id: string
  type: string
  title: string
}

const STEP_NODES: readonly FlowNode[] = [
  {
    id: 'retrieval',
    type: 'knowledge-retrieval',
    title: 'Knowledge retrieval',
  },
  { id: 'classifier', type: 'question-classifier', title: '问题分类' },
  { id: 'request', type: 'http-request', title: 'HTTP request' },
]

const LLM_NODE: FlowNode = { id: 'llm', type: 'llm', title: 'LLM' }
const ANSWER_NODE: FlowNode = { id: 'answer', type: 'answer', title: 'Answer' }

function listNodes(turn: DifyTurn): FlowNode[] {
  const steps = Array.from({ length: turn.admitted.plan.steps }, (_unused, index) => {
    const node = STEP_NODES[index % STEP_NODES.length] ?? LLM_NODE
    return { ...node, id: `${node.id}-${String(index)}` }
  })
  return [{ id: 'start', type: 'start', title: 'Start' }, ...steps, LLM_NODE, ANSWER_NODE]
}

function toRunFields(turn: DifyTurn): JsonObject {
  return { ...toCommonFields(turn), workflow_run_id: turn.ids.workflowRunId }
}

function toStartedFrame(turn: DifyTurn): string {
  const data = {
    id: turn.ids.workflowRunId,
    workflow_id: toDerivedUuid(1, 'workflow'),
    inputs: {
      ...turn.inputs,
      'sys.query': turn.query,
      'sys.user_id': turn.user,
    },
    created_at: toFixedCreatedAt(turn.admitted.seed),
  }
  return toDifyFrame('workflow_started', { ...toRunFields(turn), data })
}

function toNodeFrame(turn: DifyTurn, nodes: readonly FlowNode[], index: number, outputs: JsonObject | null): string {
  const node = nodes[index] ?? LLM_NODE
  const data = {
    id: toDerivedUuid(turn.admitted.idKey, `node ${String(index)}`),
    node_id: node.id,
    node_type: node.type,
    title: node.title,
    index: index + 1,
    predecessor_node_id: nodes[index - 1]?.id ?? null,
    inputs: outputs === null ? null : {},
    created_at: toFixedCreatedAt(turn.admitted.seed),
  }
  if (outputs === null) return toDifyFrame('node_started', { ...toRunFields(turn), data })
  const metadata = {
    total_tokens: turn.admitted.promptTokens,
    total_price: '0.0000000',
    currency: 'USD',
  }
  const ended = {
    process_data: {},
    outputs,
    status: 'succeeded',
    error: null,
    elapsed_time: 0.1,
  }
  const fields = {
    ...data,
    ...ended,
    execution_metadata: node.type === 'llm' ? metadata : null,
  }
  return toDifyFrame('node_finished', { ...toRunFields(turn), data: fields })
}

export type FlowStatus = 'succeeded' | 'failed' | 'stopped'

/** The closing event of a chatflow; also what re-attaching to a finished run answers. */
export function toFlowFinishedFrame(
  turn: DifyTurn,
  progress: RunProgress,
  status: FlowStatus,
  error: string | null,
): string {
  const created = toFixedCreatedAt(turn.admitted.seed)
  const data = {
    id: turn.ids.workflowRunId,
    workflow_id: toDerivedUuid(1, 'workflow'),
    status,
    outputs: { answer: toAnswerText(turn, progress) },
    error,
    elapsed_time: 1.5,
    total_tokens: turn.admitted.promptTokens + progress.answerTokens + progress.reasoningTokens,
    total_steps: listNodes(turn).length,
    created_at: created,
    finished_at: created + 2,
  }
  return toDifyFrame('workflow_finished', { ...toRunFields(turn), data })
}

function* toPauseBeats(turn: DifyTurn): Generator<Beat> {
  const formToken = toDerivedUuid(turn.admitted.idKey, 'form')
  const inputs = [{ type: 'paragraph', output_variable_name: 'comment', required: true }]
  const actions = [
    { id: 'approve', title: 'Approve' },
    { id: 'refuse', title: 'Refuse' },
  ]
  const form = {
    form_id: formToken,
    node_id: 'human',
    node_title: 'Approval',
    form_content: 'Please decide. 请选择。',
  }
  const data = { ...form, form_token: formToken, inputs, actions }
  yield {
    kind: 'step',
    frame: toDifyFrame('human_input_required', { ...toRunFields(turn), data }),
  }
  const paused = {
    workflow_run_id: turn.ids.workflowRunId,
    paused_nodes: ['human'],
    outputs: {},
    status: 'paused',
  }
  yield {
    kind: 'done',
    frame: toDifyFrame('workflow_paused', {
      ...toRunFields(turn),
      data: paused,
    }),
  }
}

function* toTokenBeats(turn: DifyTurn, progress: RunProgress): Generator<Beat> {
  const { reasoning, answer } = turn.admitted.text
  for (const [index, token] of reasoning.entries()) {
    const data = {
      reasoning: token,
      node_id: LLM_NODE.id,
      is_final: index === reasoning.length - 1,
    }
    yield {
      kind: 'reasoning',
      frame: toDifyFrame('reasoning_chunk', { ...toRunFields(turn), data }),
    }
    if (progress.isStopped()) return
  }
  const toAnswer = createAnswerWriter(turn, 'message')
  for (const token of answer) {
    yield { kind: 'answer', frame: toAnswer(token) }
    if (progress.isStopped()) return
  }
}

function* toClosingBeats(turn: DifyTurn, progress: RunProgress): Generator<Beat> {
  const status = progress.isStopped() ? 'stopped' : 'succeeded'
  const messageEnd: Beat = {
    kind: 'done',
    frame: toMessageEndFrame(turn, progress),
  }
  const finished: Beat = {
    kind: 'finish',
    frame: toFlowFinishedFrame(turn, progress, status, null),
  }
  if (turn.admitted.plan.order === 'message-end-first') {
    yield messageEnd
    yield finished
  } else {
    yield finished
    yield messageEnd
  }
}

/** A chatflow: the workflow's own events round the `message` events, closed by two events in the order of the plan. */
export function createChatflowSource(turn: DifyTurn): StreamSource {
  const nodes = listNodes(turn)

  function* createBeats(progress: RunProgress): Generator<Beat> {
    yield { kind: 'open', frame: toStartedFrame(turn) }
    for (let index = 0; index < nodes.length - 2 && !progress.isStopped(); index += 1) {
      yield {
        kind: index === 0 ? 'block' : 'step',
        frame: toNodeFrame(turn, nodes, index, null),
      }
      yield { kind: 'block', frame: toNodeFrame(turn, nodes, index, {}) }
    }
    if (turn.admitted.plan.interactive !== 'none') {
      yield* toPauseBeats(turn)
      return
    }
    if (!progress.isStopped()) {
      yield {
        kind: 'block',
        frame: toNodeFrame(turn, nodes, nodes.length - 2, null),
      }
      yield* toTokenBeats(turn, progress)
    }
    if (!progress.isStopped()) {
      const text = toAnswerText(turn, progress)
      yield {
        kind: 'block',
        frame: toNodeFrame(turn, nodes, nodes.length - 2, { text }),
      }
      yield {
        kind: 'block',
        frame: toNodeFrame(turn, nodes, nodes.length - 1, null),
      }
      yield {
        kind: 'block',
        frame: toNodeFrame(turn, nodes, nodes.length - 1, { answer: text }),
      }
    }
    yield* toClosingBeats(turn, progress)
  }

  return {
    createBeats,
    toErrorFrames(progress, code, message) {
      const error = toDifyErrorFrame(turn, code, message)
      return progress.frames === 0 ? [error] : [toFlowFinishedFrame(turn, progress, 'failed', message), error]
    },
    ...toSharedFrames(turn),
  }
}
