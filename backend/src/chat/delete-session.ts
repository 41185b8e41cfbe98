import { AppError } from '../base/app-error.ts'
import type { Database } from '../db/database.ts'

/** Deletes the chat with its messages and generations; whoever still writes an answer loses its fence and ends quietly. */
export async function deleteSession(deps: { database: Database }, userId: string, sessionId: string): Promise<void> {
  const result = await deps.database.kysely
    .deleteFrom('chat_sessions')
    .where('user_id', '=', userId)
    .where('id', '=', sessionId)
    .executeTakeFirst()
  if (result.numDeletedRows === 0n) throw new AppError('chat_session_not_found')
}
