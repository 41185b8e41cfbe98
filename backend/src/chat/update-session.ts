import { sql, type Kysely } from 'kysely'
import type { ChatSession, UpdateSessionRequest } from '@llmchat/protocol/api/chat-schema'
import { AppError } from '../base/app-error.ts'
import type { Database } from '../db/database.ts'
import type { DatabaseSchema } from '../db/schema.ts'
import { getSession } from './get-session.ts'

/**
 * Changes what is named in `change`, nothing else. `updated_at` stays: it says when people last talked here and orders
 * the list; renaming an old chat must not bring it to the top.
 * Errors: `chat_session_not_found`; `message_not_found` when `activeLeafId` is no message of this chat.
 */
export async function updateSession(
  deps: { database: Database },
  userId: string,
  sessionId: string,
  change: UpdateSessionRequest,
): Promise<ChatSession> {
  await deps.database.transaction(async (trx) => {
    if (change.activeLeafId !== undefined) await refuseForeignLeaf(trx, userId, sessionId, change.activeLeafId)
    const result = await trx
      .updateTable('chat_sessions')
      .set(toColumns(change))
      .where('user_id', '=', userId)
      .where('id', '=', sessionId)
      .executeTakeFirst()
    if (result.numUpdatedRows === 0n) throw new AppError('chat_session_not_found')
  })
  return getSession(deps, userId, sessionId)
}

function toColumns(change: UpdateSessionRequest) {
  return {
    ...(change.title === undefined ? {} : { title: change.title }),
    ...(change.isPinned === undefined ? {} : { is_pinned: change.isPinned }),
    ...(change.isArchived === undefined ? {} : { is_archived: change.isArchived }),
    ...(change.activeLeafId === undefined ? {} : { active_leaf_id: change.activeLeafId }),
    ...(change.agentId === undefined ? {} : { agent_id: change.agentId }),
    // Database time: last_answer_at is written by it as well, the two are compared.
    ...(change.isRead === undefined ? {} : { last_read_at: sql<Date>`now()` }),
  }
}

async function refuseForeignLeaf(trx: Kysely<DatabaseSchema>, userId: string, sessionId: string, leafId: string) {
  const leaf = await trx
    .selectFrom('chat_messages')
    .select('session_id')
    .where('user_id', '=', userId)
    .where('id', '=', leafId)
    .executeTakeFirst()
  if (leaf?.session_id !== sessionId) throw new AppError('message_not_found')
}
