import type { JsonObject } from '../http/json-fields.ts'
import type { AdmittedGeneration } from '../run/admit-generation.ts'
import type { RunProgress } from '../run/beat.ts'
import { toDerivedUuid, toFixedCreatedAt } from '../text/stable-hash.ts'

export interface DifyIds {
  taskId: string
  messageId: string
  conversationId: string
  workflowRunId: string
}

/** One question to a Dify app and the answer admitted for it. */
export interface DifyTurn {
  admitted: AdmittedGeneration
  ids: DifyIds
  query: string
  inputs: JsonObject
  user: string
}

/** The ids of a turn; a conversation id is issued when the caller has none. */
export function toDifyIds(idKey: string, conversationId: string): DifyIds {
  return {
    taskId: toDerivedUuid(idKey, 'task'),
    messageId: toDerivedUuid(idKey, 'message'),
    conversationId: conversationId === '' ? toDerivedUuid(idKey, 'conversation') : conversationId,
    workflowRunId: toDerivedUuid(idKey, 'workflow run'),
  }
}

/** The answer as far as it came. */
export function toAnswerText(turn: DifyTurn, progress: RunProgress): string {
  return turn.admitted.text.answer.slice(0, progress.answerTokens).join('')
}

function toPrice(tokens: number, unit: number): string {
  return ((tokens / 1000) * unit).toFixed(7)
}

function toUsage(turn: DifyTurn, progress: RunProgress): JsonObject {
  const prompt = turn.admitted.promptTokens
  const completion = progress.answerTokens + progress.reasoningTokens
  return {
    prompt_tokens: prompt,
    prompt_unit_price: '0.001',
    prompt_price_unit: '0.001',
    prompt_price: toPrice(prompt, 0.001),
    completion_tokens: completion,
    completion_unit_price: '0.002',
    completion_price_unit: '0.001',
    completion_price: toPrice(completion, 0.002),
    total_tokens: prompt + completion,
    total_price: (Number(toPrice(prompt, 0.001)) + Number(toPrice(completion, 0.002))).toFixed(7),
    currency: 'USD',
    latency: 1.381760165997548,
  }
}

function listResources(turn: DifyTurn): JsonObject[] {
  if (turn.admitted.plan.steps === 0) return []
  return [
    {
      position: 1,
      dataset_id: toDerivedUuid(1, 'dataset'),
      dataset_name: 'Simulated documents',
      document_id: toDerivedUuid(1, 'document'),
      document_name: 'handbook.md',
      segment_id: toDerivedUuid(1, 'segment'),
      score: 0.98457545,
      content: 'A simulated passage. 一段模拟的文字。',
    },
  ]
}

/** The metadata of an ended message; without usage when the plan leaves it out. */
export function toDifyMetadata(turn: DifyTurn, progress: RunProgress): JsonObject {
  const { plan, faults } = turn.admitted
  const hasUsage = plan.usage === 'normal' && !faults.has('no-usage')
  return {
    ...(hasUsage ? { usage: toUsage(turn, progress) } : {}),
    retriever_resources: listResources(turn),
  }
}

/** The fields that all events of a turn have. */
export function toCommonFields(turn: DifyTurn): JsonObject {
  const { taskId, messageId, conversationId } = turn.ids
  const created = { created_at: toFixedCreatedAt(turn.admitted.seed) }
  return {
    task_id: taskId,
    message_id: messageId,
    conversation_id: conversationId,
    ...created,
  }
}

/** One event: Dify's event name is inside the JSON. */
export function toDifyFrame(event: string, fields: JsonObject): string {
  return `data: ${JSON.stringify({ event, ...fields })}\n\n`
}

/** Writes the events that carry a token; the fixed text is built once, since this runs for every token. */
export function createAnswerWriter(turn: DifyTurn, event: 'message' | 'agent_message'): (token: string) => string {
  const fields = JSON.stringify({
    event,
    ...toCommonFields(turn),
    id: turn.ids.messageId,
  })
  const head = `data: ${fields.slice(0, -1)},"answer":`
  return (token) => `${head}${JSON.stringify(token)}}\n\n`
}

export const PING_FRAME = 'event: ping\n\n'

/** The in-stream error event: alone among the events it has no task id. */
export function toDifyErrorFrame(turn: DifyTurn, code: string | null, message: string): string {
  const { task_id: _taskId, ...fields } = toCommonFields(turn)
  const status = code === null || code === 'internal_server_error' ? 500 : 400
  return toDifyFrame('error', {
    ...fields,
    status,
    code: code ?? 'internal_server_error',
    message,
  })
}
