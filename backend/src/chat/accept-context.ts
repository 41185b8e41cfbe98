import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'
import type { StoredUpstreamIds } from '../db/schema.ts'
import { listSessionFiles, type SessionFile } from './list-session-files.ts'

/** A turn on the way from the root to the place where the new message will hang. */
export interface ChainTurn {
  id: string
  role: 'user' | 'assistant'
  body: string
  agentId: string | null
  upstream: StoredUpstreamIds
  isRunning: boolean
  /** Of a question. */
  files: readonly SessionFile[]
}

interface NamedMessage {
  id: string
  sessionId: string
  role: 'user' | 'assistant'
  parentId: string | null
  body: string
  fileIds: string[]
  isRunning: boolean
  generationId: string | null
}

/** All that accepting a message must know, from one round trip; from two where the chat has files. */
export interface AcceptContext {
  session: { agentId: string | null; activeLeafId: string | null } | null
  /** Somebody else's chat has this id, and the caller has none. */
  isForeign: boolean
  /** The message the request names: the question's own id, or the one to answer again. */
  named: NamedMessage | null
  /** The newest answer below the named question. */
  answer: { generationId: string; messageId: string; status: string } | null
  /** Root first. Empty at the root. */
  chain: ChainTurn[]
}

interface AcceptRow extends Omit<AcceptContext, 'chain'> {
  chain: Omit<ChainTurn, 'files'>[]
  hasFiles: boolean
}

export interface AcceptQuestion {
  userId: string
  sessionId: string
  namedId: string | null
  /** `submit`: hang below the parent; `answer`: hang below the question that `namedId` is, or answers. */
  mode: 'submit' | 'answer'
  /** Undefined: the active leaf. Null: the root. */
  parentId: string | null | undefined
}

const maxTurns = 1000

const statement: Statement = {
  name: 'chat-accept-context',
  text: `
    WITH RECURSIVE session AS (
      SELECT agent_id, active_leaf_id FROM chat_sessions WHERE user_id = $1 AND id = $2
    ), place AS (
      SELECT CASE
        WHEN $4 = 'submit' AND $5::boolean THEN $6::text
        WHEN $4 = 'submit' THEN (SELECT active_leaf_id FROM session)
        ELSE (SELECT CASE WHEN role = 'assistant' THEN parent_id ELSE id END FROM chat_messages
              WHERE user_id = $1 AND id = coalesce($3, (SELECT active_leaf_id FROM session)))
      END AS id
    ), chain AS (
      SELECT m.id, m.parent_id, m.role, m.body, m.agent_id, m.upstream, m.delivery, 1 AS depth
        FROM chat_messages m JOIN place ON m.id = place.id WHERE m.user_id = $1 AND m.session_id = $2
      UNION ALL
      SELECT m.id, m.parent_id, m.role, m.body, m.agent_id, m.upstream, m.delivery, c.depth + 1
        FROM chat_messages m JOIN chain c ON m.id = c.parent_id WHERE m.user_id = $1 AND c.depth < ${maxTurns}
    )
    SELECT
      (SELECT json_build_object('agentId', agent_id, 'activeLeafId', active_leaf_id) FROM session) AS session,
      NOT EXISTS (SELECT FROM session)
        AND EXISTS (SELECT FROM chat_sessions WHERE id = $2 AND user_id <> $1) AS "isForeign",
      EXISTS (SELECT FROM message_attachments WHERE user_id = $1 AND session_id = $2) AS "hasFiles",
      (SELECT json_build_object('id', id, 'sessionId', session_id, 'role', role, 'parentId', parent_id, 'body', body,
          'fileIds', coalesce((SELECT json_agg(f.attachment_id ORDER BY f.position) FROM message_attachments f
            WHERE f.user_id = $1 AND f.message_id = chat_messages.id), '[]'),
          'isRunning', role = 'assistant' AND delivery IS NULL, 'generationId', generation_id)
        FROM chat_messages
        WHERE user_id = $1 AND id = coalesce($3, CASE WHEN $4 = 'answer' THEN (SELECT active_leaf_id FROM session) END)
      ) AS named,
      (SELECT json_build_object('generationId', g.id, 'messageId', g.message_id, 'status', g.status)
        FROM chat_messages a JOIN generations g ON g.id = a.generation_id
        WHERE a.user_id = $1 AND a.session_id = $2 AND a.parent_id = $3
        ORDER BY a.created_at DESC, a.id DESC LIMIT 1) AS answer,
      coalesce((SELECT json_agg(json_build_object('id', id, 'role', role, 'body', body, 'agentId', agent_id,
          'upstream', upstream, 'isRunning', role = 'assistant' AND delivery IS NULL) ORDER BY depth DESC)
        FROM chain), '[]') AS chain`,
}

export async function getAcceptContext(deps: { database: Database }, question: AcceptQuestion): Promise<AcceptContext> {
  const { userId, sessionId, namedId, mode, parentId } = question
  const values = [userId, sessionId, namedId, mode, parentId !== undefined, parentId ?? null]
  const [row] = await deps.database.query<AcceptRow>(statement, values, { priority: 'write' })
  if (!row) throw new Error('a select without from yields one row')
  const { hasFiles, ...context } = row
  // Most chats have none, and pay nothing for it.
  const files = hasFiles ? await listSessionFiles(deps, { userId, sessionId }) : new Map<string, SessionFile[]>()
  return { ...context, chain: context.chain.map((turn) => ({ ...turn, files: files.get(turn.id) ?? [] })) }
}

const tailStatement: Statement = {
  name: 'chat-conversation-tail',
  text: `SELECT id FROM chat_messages
    WHERE user_id = $1 AND session_id = $2 AND upstream->>'conversationId' = $3
    ORDER BY created_at DESC, id DESC LIMIT 1`,
}

/** The message that came last in an upstream's conversation, or null. Going on below another one needs a fork. */
export async function findConversationTail(
  deps: { database: Database },
  key: { userId: string; sessionId: string; conversationId: string },
): Promise<string | null> {
  const values = [key.userId, key.sessionId, key.conversationId]
  const [row] = await deps.database.query<{ id: string }>(tailStatement, values, { priority: 'write' })
  return row?.id ?? null
}
