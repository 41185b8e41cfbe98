import { parseMessageFiles } from '../uploads/message-file.ts'
import type { OutboxItem } from './outbox-item.ts'

/** The stored list. What does not read as an item is left out: storage outlives versions of this page. */
export function parseOutbox(json: string | null): OutboxItem[] {
  const list = parseJson(json)
  return Array.isArray(list) ? list.filter(isOutboxItem) : []
}

function parseJson(json: string | null): unknown {
  if (json === null) return null
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

function isOutboxItem(value: unknown): value is OutboxItem {
  if (typeof value !== 'object' || value === null) return false
  const { id, sessionId, text, agentId, createdAt, files, ...rest } = value as Record<string, unknown>
  const { failure, branchFromId, parentId } = rest
  const areTexts = [id, sessionId, text, createdAt].every((field) => typeof field === 'string')
  const areIds = [branchFromId, parentId].every((field) => field === undefined || isNullableText(field))
  const areFiles = files === undefined || parseMessageFiles(files) !== null
  return areTexts && areIds && areFiles && isNullableText(agentId) && (failure === undefined || isFailure(failure))
}

function isNullableText(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}

function isFailure(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string'
}
