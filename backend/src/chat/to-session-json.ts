import type { ChatSession } from '@llmchat/protocol/api/chat-schema'
import type { ChatSessionRow } from './chat-session-row.ts'

/** The only way from a session row to JSON. Pure. */
export function toSessionJson(row: ChatSessionRow): ChatSession {
  return {
    id: row.id,
    title: row.title,
    agentId: row.agent_id,
    isPinned: row.is_pinned,
    isArchived: row.is_archived,
    state: toState(row),
    activeLeafId: row.active_leaf_id,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

function toState(row: ChatSessionRow): ChatSession['state'] {
  if (row.is_running) return 'running'
  return row.is_unread ? 'unread' : 'idle'
}
