import type { Database } from '../db/database.ts'
import type { StatementAddition, Written } from '../db/statement-addition.ts'
import type { Statement } from '../db/statement.ts'
import { toUploadUrl } from '@llmchat/protocol/upload-url'
import type { MessagePart } from '@llmchat/protocol/message-part'
import type { SessionFile } from './list-session-files.ts'
import { toTitle } from './to-title.ts'

export interface AcceptedRows {
  userId: string
  sessionId: string
  agent: { id: string; name: string }
  /** Null when an existing question is answered again. */
  question: { id: string; text: string; files: readonly SessionFile[]; parentId: string | null } | null
  answerId: string
  /** The question's id. */
  answerParentId: string
  generationId: string
  ownerInstance: string
  /** The active leaf that the decision was made on: another writer in between makes the statement do nothing. */
  expectedLeafId: string | null
}

// One statement is one transaction: session, question, empty answer and generation are there together or not at all.
// The session row is written first and by compare-and-set; everything else hangs on its RETURNING.
function toStatement(addition: StatementAddition | null, hasFiles: boolean): Statement {
  const nextParameter = hasFiles ? 16 : 15
  const place = { userId: '$1', agentId: '$4', generationId: '$13', nextParameter, written: 'session' }
  const parts = addition?.toParts(place)
  const names = ['chat-write-accepted', ...(hasFiles ? ['files'] : []), ...(addition ? [addition.name] : [])]
  return {
    name: names.join('-'),
    text: `
    WITH ${parts?.first ?? ''}session AS (
      INSERT INTO chat_sessions AS s (user_id, id, title, agent_id, active_leaf_id)
      ${parts ? 'SELECT $1, $2, $3, $4, $6 FROM gate' : 'VALUES ($1, $2, $3, $4, $6)'}
      ON CONFLICT (user_id, id) DO UPDATE
        SET agent_id = EXCLUDED.agent_id, active_leaf_id = EXCLUDED.active_leaf_id, updated_at = now(),
            last_read_at = now(), is_archived = false
        WHERE s.active_leaf_id IS NOT DISTINCT FROM $12
      RETURNING s.id
    ), question AS (
      INSERT INTO chat_messages (user_id, id, session_id, parent_id, role, parts, body, created_at)
      SELECT $1, $8, $2, $9, 'user', $10::jsonb, $11, now() FROM session WHERE $8::text IS NOT NULL
    ), answer AS (
      INSERT INTO chat_messages (user_id, id, session_id, parent_id, role, agent_id, agent_name, generation_id, created_at)
      SELECT $1, $6, $2, $7, 'assistant', $4, $5, $13, now() + interval '1 millisecond' FROM session
    ), generation AS (
      INSERT INTO generations (id, user_id, session_id, message_id, agent_id, owner_instance, status)
      SELECT $13, $1, $2, $6, $4, $14, 'running' FROM session
    )${hasFiles ? filesSql : ''}${parts?.last ?? ''}
    SELECT (SELECT count(*) = 1 FROM session) AS "isWritten", ${parts?.report ?? 'NULL'} AS report`,
  }
}

// The message that it hangs on is of this statement too: foreign keys are looked at when it ends.
const filesSql = `, attached AS (
      INSERT INTO message_attachments (user_id, message_id, session_id, attachment_id, position)
      SELECT $1, $8, $2, file.id, file.position
      FROM session, unnest($15::text[]) WITH ORDINALITY AS file (id, position)
    ), used AS (
      UPDATE attachments SET first_used_at = now()
      WHERE user_id = $1 AND id = ANY ($15::text[]) AND first_used_at IS NULL AND EXISTS (SELECT FROM session)
    )`

const plainStatement = toStatement(null, false)

function toParts(text: string, files: readonly SessionFile[]): MessagePart[] {
  return [
    ...(text === '' && files.length > 0 ? [] : [{ type: 'text' as const, id: 't1', text }]),
    ...files.map(({ id, name, mediaType, sizeBytes }) => ({
      type: 'file' as const,
      id,
      mediaType,
      name,
      sizeBytes,
      url: toUploadUrl(id),
    })),
  ]
}

function toValues(rows: AcceptedRows): unknown[] {
  const question = rows.question ?? { id: null, text: '', files: [], parentId: null }
  const { text, files } = question
  return [
    rows.userId,
    rows.sessionId,
    toTitle(text === '' ? (files[0]?.name ?? '') : text),
    rows.agent.id,
    rows.agent.name,
    rows.answerId,
    rows.answerParentId,
    question.id,
    question.parentId,
    JSON.stringify(toParts(text, files)),
    text,
    rows.expectedLeafId,
    rows.generationId,
    rows.ownerInstance,
  ]
}

/**
 * Not written: the chat changed since it was read, read again; or the addition's gate was shut. A repeated message id is
 * error 23505, a file that is gone meanwhile 23503.
 */
export async function writeAccepted(
  deps: { database: Database },
  rows: AcceptedRows,
  addition: StatementAddition | null = null,
): Promise<Written> {
  const files = rows.question?.files ?? []
  const hasFiles = files.length > 0
  const values = [...toValues(rows), ...(hasFiles ? [files.map(({ id }) => id)] : []), ...(addition?.values ?? [])]
  const statement = addition || hasFiles ? toStatement(addition, hasFiles) : plainStatement
  const [row] = await deps.database.query<Written>(statement, values, { priority: 'write' })
  return row ?? { isWritten: false, report: null }
}
