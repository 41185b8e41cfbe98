import type { IndexMigration } from './migration.ts'

/**
 * What `add_performance_indexes.sql` does too, for those who run it by hand; that file tells the reasons, and a test
 * holds the two equal. `chat_messages_by_session` takes the place of `chat_messages_session_created`: with the chat in
 * front it serves the same pages and the foreign key, and also whoever asks by chat alone. `chat_messages_by_user` lets a
 * search look through a person's newest messages first.
 */
export const performanceIndexes: IndexMigration = {
  name: '0002-performance-indexes',
  builds: [
    { name: 'chat_messages_by_session', on: 'chat_messages (session_id, created_at, id, user_id)' },
    { name: 'chat_messages_by_user', on: 'chat_messages (user_id, created_at, id)' },
    { name: 'chat_messages_created_brin', on: 'chat_messages USING brin (created_at) WITH (autosummarize = on)' },
    { name: 'generations_created_brin', on: 'generations USING brin (created_at) WITH (autosummarize = on)' },
  ],
  drops: ['chat_messages_session_created'],
}
