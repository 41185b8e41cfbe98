import type { WorkflowStep } from '@llmchat/protocol/chat-event'
import { type JsonRecord, toText } from '../lenient-json.ts'

const retrievals = new Set(['web_search_call', 'file_search_call'])

/** A built-in tool's output item (`web_search_call`, `code_interpreter_call`, `mcp_call` …) as a step; null for all else. */
export function mapStep(item: JsonRecord, isDone: boolean): WorkflowStep | null {
  const type = toText(item['type'])
  if (!type.endsWith('_call') || type === 'function_call' || type === 'custom_tool_call') return null
  const status = toText(item['status'])
  const isFailed = status === 'failed' || status === 'incomplete'
  return {
    name: toText(item['name']) || type.replace(/_call$/, '').replaceAll('_', ' '),
    kind: retrievals.has(type) ? 'retrieval' : 'tool',
    status: isFailed ? 'failed' : isDone ? 'done' : 'running',
  }
}
