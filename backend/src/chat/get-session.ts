import type { ChatSession } from '@llmchat/protocol/api/chat-schema'
import { AppError } from '../base/app-error.ts'
import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'
import { chatSessionColumns, type ChatSessionRow } from './chat-session-row.ts'
import { toSessionJson } from './to-session-json.ts'

const selectSession: Statement = {
  name: 'chat-session-by-id',
  text: `SELECT ${chatSessionColumns} FROM chat_sessions s WHERE s.user_id = $1 AND s.id = $2`,
}

/** Errors: `chat_session_not_found`, also for another person's chat. */
export async function getSession(
  deps: { database: Database },
  userId: string,
  sessionId: string,
): Promise<ChatSession> {
  const [row] = await deps.database.query<ChatSessionRow>(selectSession, [userId, sessionId])
  if (!row) throw new AppError('chat_session_not_found')
  return toSessionJson(row)
}
