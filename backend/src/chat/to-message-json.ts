import type { ChatMessage } from '@llmchat/protocol/api/chat-schema'
import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import type { ChatMessageRow } from './chat-message-row.ts'

/** The only way from a message row to JSON. Pure. */
export function toMessageJson(row: ChatMessageRow): ChatMessage {
  return {
    id: row.message_id,
    sessionId: row.session_id,
    parentId: row.parent_id,
    role: row.role,
    generationId: row.generation_id,
    timing: row.timing,
    feedback: row.rating,
    createdAt: row.message_created_at.toISOString(),
    ...toContent(row),
  }
}

type Content = Pick<ChatMessage, 'agentId' | 'agentName' | 'insteadOf' | 'parts' | 'usage' | 'delivery'>

/** A running answer shows its last checkpoint; the browser then goes on from the stream. */
function toContent(row: ChatMessageRow): Content {
  const asked = { agentId: row.agent_id, agentName: row.agent_name, insteadOf: row.instead_of }
  if (!row.is_answer_running) return { ...asked, parts: row.parts, usage: row.usage, delivery: row.delivery }
  const checkpoint = isCheckpoint(row.checkpoint) ? row.checkpoint : null
  const parts = checkpoint?.parts ?? []
  return {
    ...(checkpoint?.answeredBy ?? asked),
    parts,
    usage: checkpoint?.usage ?? null,
    delivery: { state: parts.length > 0 ? 'streaming' : 'accepted' },
  }
}

function isCheckpoint(value: unknown): value is Pick<FoldedMessage, 'parts' | 'usage' | 'answeredBy'> {
  return typeof value === 'object' && value !== null && 'parts' in value && Array.isArray(value.parts)
}
