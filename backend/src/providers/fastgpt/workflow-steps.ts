import type { WorkflowStep } from '@llmchat/protocol/chat-event'
import type { EmitPart } from '../decode-events.ts'
import { isRecord, type JsonRecord, toCount, toPreview, toRecords, toText } from '../lenient-json.ts'

const maxDetailCharacters = 500
/** Nodes that only open a workflow. */
const silentTypes = new Set(['workflowStart', 'systemConfig', 'userGuide', 'pluginInput'])
const retrievalTypes = new Set(['datasetSearchNode', 'datasetConcatNode'])

interface Node {
  stepId: string
  step: WorkflowStep
}

interface Tool {
  name: string
  params: string
}

function toDurationMs(response: JsonRecord): { durationMs?: number } {
  const seconds = toCount(response['runningTime'])
  return seconds > 0 ? { durationMs: Math.round(seconds * 1000) } : {}
}

/**
 * Nodes and tools of a workflow as steps. FastGPT only tells when a node begins: the next one's beginning ends it, and its
 * response, live or late, says how long it took.
 */
export function createWorkflowSteps() {
  const nodes: Node[] = []
  const tools = new Map<string, Tool>()
  const sources = new Set<string>()

  function put(node: Node, change: Partial<WorkflowStep>, emit: EmitPart): void {
    node.step = { ...node.step, ...change }
    emit({ type: 'step', stepId: node.stepId, step: node.step })
  }

  function endRunning(status: 'done' | 'failed', emit: EmitPart): void {
    for (const node of nodes) if (node.step.status === 'running') put(node, { status }, emit)
  }

  function openNode(name: string, kind: WorkflowStep['kind'], emit: EmitPart): Node {
    const node: Node = { stepId: `node-${nodes.length + 1}`, step: { name, kind, status: 'running' } }
    nodes.push(node)
    put(node, {}, emit)
    return node
  }

  function emitSources(response: JsonRecord, emit: EmitPart): void {
    for (const quote of toRecords(response['quoteList'])) {
      const sourceId = toText(quote['id']) || toText(quote['sourceId'])
      const title = toText(quote['sourceName'])
      if (sourceId === '' || title === '' || sources.has(sourceId)) continue
      sources.add(sourceId)
      emit({ type: 'source', sourceId, title })
    }
  }

  return {
    /** `flowNodeStatus` */
    readStatus(data: JsonRecord, emit: EmitPart): void {
      const name = toText(data['name'])
      const running = nodes.find((node) => node.step.status === 'running')
      if (name === '' || running?.step.name === name) return
      endRunning('done', emit)
      openNode(name, 'node', emit)
    },
    /** One item of `flowNodeResponse` (live: the node may not have been announced) or of `flowResponses` (all over). */
    readResponse(response: JsonRecord, isLive: boolean, emit: EmitPart): void {
      emitSources(response, emit)
      const name = toText(response['moduleName'])
      const kind = retrievalTypes.has(toText(response['moduleType'])) ? 'retrieval' : 'node'
      const known = nodes.find((one) => one.step.name === name && one.step.durationMs === undefined)
      const mayOpen = isLive && name !== '' && !silentTypes.has(toText(response['moduleType']))
      const node = known ?? (mayOpen ? openNode(name, kind, emit) : undefined)
      const isFailed = toText(response['errorText']) !== '' || isRecord(response['error'])
      if (node) put(node, { ...toDurationMs(response), kind, status: isFailed ? 'failed' : 'done' }, emit)
    },
    /** `toolCall`, `toolParams`, `toolResponse` */
    readTool(event: string, data: JsonRecord, emit: EmitPart): void {
      const id = toText(data['id'])
      if (id === '') return
      const known = tools.get(id)
      const name = toText(data['toolName']) || known?.name || toText(data['functionName']) || 'tool'
      const params = (known?.params ?? '') + toText(data['params'])
      tools.set(id, { name, params })
      if (event === 'toolParams') return
      const isDone = event === 'toolResponse'
      const detail = toPreview(isDone ? data['response'] : params, maxDetailCharacters)
      const step: WorkflowStep = { name, kind: 'tool', status: isDone ? 'done' : 'running' }
      emit({ type: 'step', stepId: `tool-${id}`, step: detail === '' ? step : { ...step, detail } })
    },
    /** The answer is complete, or it failed: nothing runs any more. */
    end: endRunning,
  }
}
