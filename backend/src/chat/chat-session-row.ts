import { toCursorTimestampSql } from './keyset-cursor.ts'

/** A chat session as the statements of this room read it. */
export interface ChatSessionRow {
  id: string
  title: string
  agent_id: string | null
  active_leaf_id: string | null
  is_pinned: boolean
  is_archived: boolean
  created_at: Date
  updated_at: Date
  is_running: boolean
  is_unread: boolean
  /** `updated_at` in microseconds, for cursors. */
  updated_at_text: string
}

/** Columns of `ChatSessionRow` from `chat_sessions s`: state and row in one statement, by the index on generations. */
export const chatSessionColumns = `
  s.id, s.title, s.agent_id, s.active_leaf_id, s.is_pinned, s.is_archived, s.created_at, s.updated_at,
  EXISTS (SELECT 1 FROM generations g
    WHERE g.user_id = s.user_id AND g.session_id = s.id AND g.status = 'running') AS is_running,
  (s.last_answer_at IS NOT NULL AND s.last_answer_at > s.last_read_at) AS is_unread,
  ${toCursorTimestampSql('s.updated_at')} AS updated_at_text`
