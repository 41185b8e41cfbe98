import type { FinishReason, InputRequest, WorkflowStep } from '@llmchat/protocol/chat-event'
import type {
  ProviderFailure,
  ProviderPart,
  ProviderUsage,
  UpstreamIds,
} from '../../../backend/src/providers/provider-part.ts'

/** What is left of an answer's parts when it no longer matters how they were cut. */
export interface AnswerSummary {
  text: string
  reasoning: string
  steps: Record<string, WorkflowStep>
  /** Tool call id → name, streamed input, parsed input. */
  tools: Record<string, { name: string; streamed: string; input?: unknown }>
  sources: { title: string; url?: string }[]
  requests: InputRequest[]
  superseded: number
  usage: ProviderUsage | null
  ids: UpstreamIds
  finish: FinishReason | null
  failure: ProviderFailure | null
}

type ToolPart = Extract<ProviderPart, { toolCallId: string }>

function addTool(summary: AnswerSummary, part: ToolPart): void {
  const tool = (summary.tools[part.toolCallId] ??= { name: '', streamed: '' })
  if (part.type === 'tool-input-start') tool.name = part.toolName
  else if (part.type === 'tool-input-delta') tool.streamed += part.delta
  else if (part.type === 'tool-input') tool.input = part.input
}

function addPart(summary: AnswerSummary, part: ProviderPart): void {
  switch (part.type) {
    case 'text':
      summary.text += part.delta
      return
    case 'reasoning':
      summary.reasoning += part.delta
      return
    case 'step':
      summary.steps[part.stepId] = part.step
      return
    case 'source':
      summary.sources.push({ title: part.title, ...(part.url === undefined ? {} : { url: part.url }) })
      return
    case 'input-request':
      summary.requests.push(part.request)
      return
    case 'superseded':
      summary.superseded += 1
      summary.text = ''
      return
    case 'usage':
      summary.usage = part.usage
      return
    case 'ids':
      summary.ids = { ...summary.ids, ...part.ids }
      return
    case 'finish':
      summary.finish = part.reason
      return
    case 'failure':
      summary.failure = part.failure
      return
    default:
      addTool(summary, part)
  }
}

export function toSummary(parts: readonly ProviderPart[]): AnswerSummary {
  const summary: AnswerSummary = {
    text: '',
    reasoning: '',
    steps: {},
    tools: {},
    sources: [],
    requests: [],
    superseded: 0,
    usage: null,
    ids: {},
    finish: null,
    failure: null,
  }
  for (const part of parts) addPart(summary, part)
  return summary
}
