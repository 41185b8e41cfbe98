import type { Database } from '../db/database.ts'

const statement = { name: 'chat-has-session', text: 'SELECT 1 FROM chat_sessions WHERE user_id = $1 AND id = $2' }

export async function hasSession(deps: { database: Database }, userId: string, sessionId: string): Promise<boolean> {
  const rows = await deps.database.query(statement, [userId, sessionId])
  return rows.length > 0
}
