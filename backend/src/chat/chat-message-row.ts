import type { Delivery, Timing, Usage } from '@llmchat/protocol/chat-event'
import type { MessagePart } from '@llmchat/protocol/message-part'
import { toCursorTimestampSql } from './keyset-cursor.ts'

/** A message with what its generation and its reader add to it. */
export interface ChatMessageRow {
  message_id: string
  session_id: string
  parent_id: string | null
  role: 'user' | 'assistant'
  parts: MessagePart[]
  delivery: Delivery | null
  agent_id: string | null
  agent_name: string | null
  instead_of: string | null
  generation_id: string | null
  usage: Usage | null
  timing: Timing | null
  message_created_at: Date
  message_created_at_text: string
  rating: 'good' | 'bad' | null
  is_answer_running: boolean
  /** A FoldedMessage; only while the answer runs. */
  checkpoint: unknown
}

/**
 * Columns of `ChatMessageRow` from `chat_messages m` left joined with `generations g` and `message_feedback f`. While an
 * answer runs its row is empty: the checkpoint has the text. `g.delivery` fills in where the message has none.
 */
export const chatMessageColumns = `
  m.id AS message_id, m.session_id, m.parent_id, m.role, m.parts, m.agent_id, m.agent_name, m.instead_of, m.generation_id,
  m.usage, m.timing, coalesce(m.delivery, g.delivery) AS delivery,
  m.created_at AS message_created_at, ${toCursorTimestampSql('m.created_at')} AS message_created_at_text,
  f.rating, coalesce(g.status = 'running', false) AS is_answer_running,
  CASE WHEN g.status = 'running' THEN g.checkpoint END AS checkpoint`

export const chatMessageJoins = `
  LEFT JOIN generations g ON g.id = m.generation_id AND g.user_id = m.user_id
  LEFT JOIN message_feedback f ON f.user_id = m.user_id AND f.message_id = m.id`
