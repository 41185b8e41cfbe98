import type { WorkflowStep } from '@llmchat/protocol/chat-event'
import { type JsonRecord, toCount, toPreview, toText } from '../lenient-json.ts'

export interface Step {
  stepId: string
  step: WorkflowStep
}

const maxDetailCharacters = 500
/** Nodes that only open or close a workflow. */
const silentTypes = new Set(['start', 'end', 'answer'])
const kinds: Readonly<Record<string, WorkflowStep['kind']>> = {
  'knowledge-retrieval': 'retrieval',
  tool: 'tool',
  agent: 'tool',
  'http-request': 'tool',
  code: 'tool',
}
const statuses: Readonly<Record<string, WorkflowStep['status']>> = {
  failed: 'failed',
  exception: 'failed',
  stopped: 'stopped',
}

function withDetail(step: WorkflowStep, detail: string): WorkflowStep {
  return detail === '' ? step : { ...step, detail }
}

/** `node_*`, `iteration_*` and `loop_*`; null for nodes that are no step of their own. */
export function mapNode(event: string, data: JsonRecord): Step | null {
  const type = toText(data['node_type'])
  const stepId = toText(data['id']) || toText(data['node_id'])
  if (stepId === '' || silentTypes.has(type)) return null
  const isEnded = event.endsWith('_finished') || event.endsWith('_completed')
  const durationMs = Math.round(toCount(data['elapsed_time']) * 1000)
  const step: WorkflowStep = {
    name: toText(data['title']) || type || 'node',
    kind: kinds[type] ?? 'node',
    status: isEnded ? (statuses[toText(data['status'])] ?? 'done') : 'running',
    ...(isEnded && durationMs > 0 ? { durationMs } : {}),
  }
  const isRetry = event === 'node_retry'
  const detail = toPreview(isEnded || isRetry ? data['error'] : '', maxDetailCharacters)
  return { stepId: `node-${stepId}`, step: withDetail(step, detail) }
}

/** `agent_thought`: one tool call of an agent, sent again as it fills. Null as long as no tool is named. */
export function mapThought(data: JsonRecord): Step | null {
  const tool = toText(data['tool'])
  const id = toText(data['id'])
  if (tool === '' || id === '') return null
  const isDone = toText(data['observation']) !== ''
  const step: WorkflowStep = {
    name: tool.replaceAll(';', ', '),
    kind: tool.startsWith('dataset_') ? 'retrieval' : 'tool',
    status: isDone ? 'done' : 'running',
  }
  return { stepId: `thought-${id}`, step: withDetail(step, toPreview(data['tool_input'], maxDetailCharacters)) }
}

/** `agent_log`: what an agent node does inside a workflow. */
export function mapAgentLog(data: JsonRecord): Step | null {
  const id = toText(data['id'])
  const name = toText(data['label'])
  if (id === '' || name === '') return null
  const status = toText(data['status'])
  const step: WorkflowStep = {
    name,
    kind: 'tool',
    status: status === 'start' ? 'running' : status === 'failed' ? 'failed' : 'done',
  }
  return { stepId: `log-${id}`, step: withDetail(step, toPreview(data['error'], maxDetailCharacters)) }
}
