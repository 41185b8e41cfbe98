import type { ChatMessagePage } from '@llmchat/protocol/api/chat-schema'
import { AppError } from '../base/app-error.ts'
import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'
import { chatMessageColumns, chatMessageJoins, type ChatMessageRow } from './chat-message-row.ts'
import { chatSessionColumns, type ChatSessionRow } from './chat-session-row.ts'
import { parseCursor, toCursor } from './keyset-cursor.ts'
import { toMessageJson } from './to-message-json.ts'
import { toSessionJson } from './to-session-json.ts'

/** One session and one page of its messages, newest first; a chat without messages is one row of nulls on the right. */
function toPageSql(keyset: string): string {
  return `
    WITH session AS MATERIALIZED (
      SELECT ${chatSessionColumns} FROM chat_sessions s WHERE s.user_id = $1 AND s.id = $2
    )
    SELECT to_jsonb(session) AS session, page.*
    FROM session LEFT JOIN LATERAL (
      SELECT ${chatMessageColumns} FROM chat_messages m ${chatMessageJoins}
      WHERE m.user_id = $1 AND m.session_id = $2 ${keyset}
      ORDER BY m.created_at DESC, m.id DESC LIMIT $3
    ) page ON true
    ORDER BY page.message_created_at DESC, page.message_id DESC`
}

const newestPage: Statement = { name: 'chat-messages-newest-page', text: toPageSql('') }

const olderPage: Statement = {
  name: 'chat-messages-older-page',
  text: toPageSql('AND (m.created_at, m.id) < ($4::timestamptz, $5::text)'),
}

const read = { priority: 'read', from: 'replica' } as const

type SessionInJson = Omit<ChatSessionRow, 'created_at' | 'updated_at'> & { created_at: string; updated_at: string }
type EmptyRow = { message_id: null }
type PageRow = { session: SessionInJson } & (ChatMessageRow | EmptyRow)

export interface ListMessagesOptions {
  cursor?: string
  /** 1-200; default 100. */
  limit?: number
}

/**
 * Messages of all branches, oldest first within the page, pages going back in time; the session, running checkpoints and
 * feedback come in the same query. Errors: `chat_session_not_found`.
 */
export async function listMessages(
  deps: { database: Database },
  userId: string,
  sessionId: string,
  options: ListMessagesOptions,
): Promise<ChatMessagePage> {
  const limit = options.limit ?? 100
  const values = [userId, sessionId, limit + 1]
  const rows = await (options.cursor === undefined
    ? deps.database.query<PageRow>(newestPage, values, read)
    : deps.database.query<PageRow>(olderPage, [...values, ...toValues(options.cursor)], read))
  const session = rows[0]?.session
  if (!session) throw new AppError('chat_session_not_found')
  const messages = rows.filter(isMessage)
  const page = messages.slice(0, limit)
  const last = page.at(-1)
  return {
    session: toSessionJson(toSessionRow(session)),
    messages: page.map(toMessageJson).reverse(),
    nextCursor: messages.length > limit && last ? toRowCursor(last) : null,
  }
}

function isMessage(row: PageRow): row is PageRow & ChatMessageRow {
  return row.message_id !== null
}

/** `to_jsonb` turns times into text. */
function toSessionRow(session: SessionInJson): ChatSessionRow {
  return { ...session, created_at: new Date(session.created_at), updated_at: new Date(session.updated_at) }
}

function toValues(cursor: string): unknown[] {
  const position = parseCursor(cursor)
  return [position.timestamp, position.id]
}

function toRowCursor(row: ChatMessageRow): string {
  return toCursor({ isPinned: false, timestamp: row.message_created_at_text, id: row.message_id })
}
