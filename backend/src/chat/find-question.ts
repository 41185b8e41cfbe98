import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'

interface FoundQuestion {
  parentId: string | null
  body: string
  fileIds: string[]
}

const statement: Statement = {
  name: 'chat-find-question',
  text: `SELECT parent_id AS "parentId", body,
      ARRAY(SELECT f.attachment_id FROM message_attachments f
        WHERE f.user_id = m.user_id AND f.message_id = m.id ORDER BY f.position) AS "fileIds"
    FROM chat_messages m
    WHERE user_id = $1 AND session_id = $2 AND id = $3 AND role = 'user'`,
}

/** A person's own message of this chat, or null. `parentId` null: it stands at the root. */
export async function findQuestion(
  deps: { database: Database },
  key: { userId: string; sessionId: string; messageId: string },
): Promise<FoundQuestion | null> {
  const [row] = await deps.database.query<FoundQuestion>(statement, [key.userId, key.sessionId, key.messageId], {
    priority: 'write',
  })
  return row ?? null
}
