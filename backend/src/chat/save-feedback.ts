import { sql } from 'kysely'
import type { FeedbackRequest } from '@llmchat/protocol/api/chat-schema'
import { AppError } from '../base/app-error.ts'
import type { Database } from '../db/database.ts'

/** Stores a thumb on one's own answer; `rating: null` takes it back. Errors: `message_not_found`. */
export async function saveFeedback(
  deps: { database: Database },
  userId: string,
  feedback: FeedbackRequest,
): Promise<void> {
  await deps.database.transaction(async (trx) => {
    const message = await trx
      .selectFrom('chat_messages')
      .select('role')
      .where('user_id', '=', userId)
      .where('id', '=', feedback.messageId)
      .executeTakeFirst()
    if (message?.role !== 'assistant') throw new AppError('message_not_found')
    if (feedback.rating === null) {
      await trx
        .deleteFrom('message_feedback')
        .where('user_id', '=', userId)
        .where('message_id', '=', feedback.messageId)
        .execute()
      return
    }
    const change = { rating: feedback.rating, comment: feedback.comment ?? null }
    await trx
      .insertInto('message_feedback')
      .values({ user_id: userId, message_id: feedback.messageId, ...change })
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'message_id']).doUpdateSet({ ...change, updated_at: sql<Date>`now()` }),
      )
      .execute()
  })
}
