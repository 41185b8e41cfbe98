import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'

const statement: Statement = {
  name: 'chat-find-question',
  text: `SELECT parent_id AS "parentId", body FROM chat_messages
    WHERE user_id = $1 AND session_id = $2 AND id = $3 AND role = 'user'`,
}

/** A person's own message of this chat, or null. `parentId` null: it stands at the root. */
export async function findQuestion(
  deps: { database: Database },
  key: { userId: string; sessionId: string; messageId: string },
): Promise<{ parentId: string | null; body: string } | null> {
  const [row] = await deps.database.query<{ parentId: string | null; body: string }>(
    statement,
    [key.userId, key.sessionId, key.messageId],
    { priority: 'write' },
  )
  return row ?? null
}
