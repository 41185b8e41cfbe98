import type { ChatSessionPage } from '@llmchat/protocol/api/chat-schema'
import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'
import { chatSessionColumns, type ChatSessionRow } from './chat-session-row.ts'
import { parseCursor, toCursor } from './keyset-cursor.ts'
import { toSessionJson } from './to-session-json.ts'

const order = 'ORDER BY s.is_pinned DESC, s.updated_at DESC, s.id DESC LIMIT $3'

const firstPage: Statement = {
  name: 'chat-sessions-first-page',
  text: `SELECT ${chatSessionColumns} FROM chat_sessions s WHERE s.user_id = $1 AND s.is_archived = $2 ${order}`,
}

const nextPage: Statement = {
  name: 'chat-sessions-next-page',
  text: `SELECT ${chatSessionColumns} FROM chat_sessions s
    WHERE s.user_id = $1 AND s.is_archived = $2
      AND (s.is_pinned, s.updated_at, s.id) < ($4::boolean, $5::timestamptz, $6::text)
    ${order}`,
}

const read = { priority: 'read', from: 'replica' } as const

export interface ListSessionsOptions {
  cursor?: string
  /** 1-100; default 30. */
  limit?: number
  archived?: boolean
}

/** Pinned chats first, then the newest; by keyset, so that a page costs the same however far back it is. */
export async function listSessions(
  deps: { database: Database },
  userId: string,
  options: ListSessionsOptions,
): Promise<ChatSessionPage> {
  const limit = options.limit ?? 30
  // One more than asked for tells whether there is a next page.
  const values = [userId, options.archived ?? false, limit + 1]
  const rows = await (options.cursor === undefined
    ? deps.database.query<ChatSessionRow>(firstPage, values, read)
    : deps.database.query<ChatSessionRow>(nextPage, [...values, ...toValues(options.cursor)], read))
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    sessions: page.map(toSessionJson),
    nextCursor: rows.length > limit && last ? toRowCursor(last) : null,
  }
}

function toValues(cursor: string): unknown[] {
  const position = parseCursor(cursor)
  return [position.isPinned, position.timestamp, position.id]
}

function toRowCursor(row: ChatSessionRow): string {
  return toCursor({ isPinned: row.is_pinned, timestamp: row.updated_at_text, id: row.id })
}
