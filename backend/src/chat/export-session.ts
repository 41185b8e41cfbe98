import { AppError } from '../base/app-error.ts'
import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'
import { chatMessageColumns, chatMessageJoins, type ChatMessageRow } from './chat-message-row.ts'
import { getSession } from './get-session.ts'
import { toBranch } from './to-branch.ts'
import { toMarkdownExport } from './to-markdown-export.ts'
import { toMessageJson } from './to-message-json.ts'

/** The newest 10,000 messages: more than that is no document, and one statement must stay bounded. */
const allMessages: Statement = {
  name: 'chat-messages-export',
  text: `SELECT ${chatMessageColumns} FROM chat_messages m ${chatMessageJoins}
    WHERE m.user_id = $1 AND m.session_id = $2
    ORDER BY m.created_at DESC, m.id DESC LIMIT 10000`,
}

const read = { priority: 'read', from: 'replica' } as const

export interface ExportOptions {
  format: 'md' | 'json'
  /** `branch`: what the reader sees; `tree`: every sibling too, as JSON only. Default: branch. */
  scope?: 'branch' | 'tree'
}

export interface SessionExport {
  title: string
  format: 'md' | 'json'
  body: string
}

/** Errors: `chat_session_not_found`; `invalid_request` for a tree as Markdown. */
export async function exportSession(
  deps: { database: Database },
  userId: string,
  sessionId: string,
  options: ExportOptions,
): Promise<SessionExport> {
  if (options.format === 'md' && options.scope === 'tree') {
    throw new AppError('invalid_request', { message: 'A whole tree can be exported as JSON only.' })
  }
  const session = await getSession(deps, userId, sessionId)
  const rows = await deps.database.query<ChatMessageRow>(allMessages, [userId, sessionId], read)
  const messages = rows.map(toMessageJson).reverse()
  const chosen = options.scope === 'tree' ? messages : toBranch(messages, session.activeLeafId)
  const body =
    options.format === 'md' ? toMarkdownExport(session, chosen) : JSON.stringify({ session, messages: chosen }, null, 2)
  return { title: session.title, format: options.format, body }
}
