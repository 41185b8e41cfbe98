import type { Upload } from '@llmchat/protocol/api/upload-schema'
import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'

/** A file of a question. */
export type SessionFile = Pick<Upload, 'id' | 'name' | 'mediaType' | 'kind' | 'sizeBytes'>

const statement: Statement = {
  name: 'chat-session-files',
  text: `SELECT m.message_id AS "messageId", a.id, a.name, a.media_type AS "mediaType", a.kind, a.size_bytes AS "sizeBytes"
    FROM message_attachments m JOIN attachments a ON a.id = m.attachment_id
    WHERE m.user_id = $1 AND m.session_id = $2
    ORDER BY m.message_id, m.position`,
}

/** The files of a chat's questions, by message id, in the order they were sent in. */
export async function listSessionFiles(
  deps: { database: Database },
  chat: { userId: string; sessionId: string },
): Promise<Map<string, SessionFile[]>> {
  const rows = await deps.database.query<SessionFile & { messageId: string }>(
    statement,
    [chat.userId, chat.sessionId],
    { priority: 'write' },
  )
  const files = new Map<string, SessionFile[]>()
  for (const { messageId, ...file } of rows) {
    const known = files.get(messageId)
    if (known) known.push(file)
    else files.set(messageId, [file])
  }
  return files
}
