import type { JsonObject } from '../http/json-fields.ts'
import { type SimulatedTool, toSimulatedTools } from '../openai/simulated-tools.ts'
import type { AdmittedGeneration } from '../run/admit-generation.ts'
import type { RunProgress } from '../run/beat.ts'

const STEP_NAMES = ['Knowledge base search', '问题分类', 'HTTP request', 'Text processing'] as const
const STEP_TYPES = ['datasetSearchNode', 'classifyQuestion', 'httpRequest468', 'textEditor'] as const

/** One request to a FastGPT app, as far as its frames depend on it. */
export interface WorkflowRequest {
  admitted: AdmittedGeneration
  version: 'v1' | 'v2'
  isDetailed: boolean
  chatId: string
  prompt: string
  /** The question to pause with; null = answer. */
  interactive: JsonObject | null
}

/** The names of the nodes before the answering one. */
export function listStepNames(request: WorkflowRequest): string[] {
  return Array.from(
    { length: request.admitted.plan.steps },
    (_unused, index) => STEP_NAMES[index % STEP_NAMES.length] ?? STEP_NAMES[0],
  )
}

export function listWorkflowTools(request: WorkflowRequest): SimulatedTool[] {
  return toSimulatedTools(request.admitted.seed, request.admitted.plan.tools)
}

export function toStepResponse(request: WorkflowRequest, index: number): JsonObject {
  return {
    id: `step${String(index)}`,
    nodeId: `step${String(index)}`,
    moduleName: listStepNames(request)[index] ?? '',
    moduleType: STEP_TYPES[index % STEP_TYPES.length],
    totalPoints: 0,
    query: request.prompt,
    runningTime: 0.1,
  }
}

/** What the answering node reports of itself. */
export function toAnswerNodeResponse(request: WorkflowRequest, progress: RunProgress): JsonObject {
  const { admitted, interactive, prompt } = request
  const { text, promptTokens, plan, faults } = admitted
  if (interactive !== null) {
    const moduleType = interactive['type'] === 'userSelect' ? 'userSelect' : 'formInput'
    return {
      id: 'ask',
      nodeId: 'ask',
      moduleName: 'Question',
      moduleType,
      totalPoints: 0,
      runningTime: 0.1,
    }
  }
  const outputTokens = progress.answerTokens + progress.reasoningTokens
  const usage = {
    tokens: promptTokens + outputTokens,
    inputTokens: promptTokens,
    outputTokens,
  }
  const answer = text.answer.slice(0, progress.answerTokens).join('')
  return {
    id: 'answer',
    nodeId: 'answer',
    moduleName: 'AI chat',
    moduleType: 'chatNode',
    totalPoints: 0.2,
    model: 'simulated-model',
    ...(plan.usage === 'none' || faults.has('no-usage') ? {} : usage),
    query: prompt,
    runningTime: 1.2,
    finishReason: text.finish === 'stop' ? 'stop' : text.finish === 'length' ? 'length' : 'content_filter',
    historyPreview: [
      { obj: 'Human', value: prompt },
      { obj: 'AI', value: answer },
    ],
    contextTotalLen: 2,
  }
}

/** The reports of all nodes, as `flowResponses` and `responseData` carry them. */
export function listNodeResponses(request: WorkflowRequest, progress: RunProgress): JsonObject[] {
  const steps = listStepNames(request).map((_name, index) => toStepResponse(request, index))
  return [...steps, toAnswerNodeResponse(request, progress)]
}

/** The stored value of the answer: its reasoning, tools, question and text, as far as they came. */
export function listAnswerValues(request: WorkflowRequest, progress: RunProgress): JsonObject[] {
  const { text } = request.admitted
  const reasoning = text.reasoning.slice(0, progress.reasoningTokens).join('')
  const answer = text.answer.slice(0, progress.answerTokens).join('')
  const tools = listWorkflowTools(request).map((tool) => toToolValue(tool, tool.argumentsJson, toToolResult(tool)))
  if (request.interactive !== null) return [{ type: 'interactive', interactive: request.interactive }]
  return [
    ...(reasoning === '' ? [] : [{ type: 'reasoning', reasoning: { content: reasoning } }]),
    ...(tools.length === 0 ? [] : [{ type: 'tool', tools }]),
    { type: 'text', text: { content: answer } },
  ]
}

export function toToolResult(tool: SimulatedTool): string {
  return JSON.stringify({ ok: true, tool: tool.name })
}

export function toToolValue(tool: SimulatedTool, params: string, response: string): JsonObject {
  return {
    id: tool.callId,
    toolName: tool.name,
    toolAvatar: '',
    functionName: tool.name,
    params,
    response,
  }
}
