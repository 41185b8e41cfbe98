import type { Delivery, Timing, Usage } from '@llmchat/protocol/chat-event'
import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import { toPlainText } from '@llmchat/protocol/message-part'
import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'
import type { GenerationStatus, StoredUpstreamIds } from '../db/schema.ts'
import { settlementSql } from '../quotas/settlement.ts'
import type { UpstreamIds } from '../providers/provider-part.ts'
import type { WriterSnapshot } from './generation-writer.ts'

interface Deps {
  database: Database
}

const write = { priority: 'write' } as const

const checkpointStatement: Statement = {
  name: 'generation-checkpoint',
  text: `
    UPDATE generations g SET checkpoint_seq = c.seq, checkpoint = c.message::jsonb, upstream = c.upstream::jsonb
    FROM unnest($1::text[], $2::int[], $3::int[], $4::text[], $5::text[]) AS c (id, fence, seq, message, upstream)
    WHERE g.id = c.id AND g.fence = c.fence AND g.status = 'running'
    RETURNING g.id`,
}

/** All of an instance's checkpoints in one statement, each only where its fence still holds: the ids of those. */
export async function saveCheckpoints(deps: Deps, checkpoints: readonly WriterSnapshot[]): Promise<string[]> {
  const values = [
    checkpoints.map((one) => one.generationId),
    checkpoints.map((one) => one.fence),
    checkpoints.map((one) => one.seq),
    checkpoints.map((one) => JSON.stringify(one.message)),
    checkpoints.map((one) => JSON.stringify(one.upstream)),
  ]
  const saved = await deps.database.query<{ id: string }>(checkpointStatement, values, write)
  return saved.map(({ id }) => id)
}

const commitStatement: Statement = {
  name: 'generation-commit',
  text: `
    WITH generation AS (
      UPDATE generations SET status = $3, final_seq = $4, delivery = $5::jsonb, usage = $6::jsonb, timing = $7::jsonb,
        upstream = $8::jsonb, result = $12::jsonb, checkpoint = NULL, request = NULL, finished_at = now(),
        agent_id = coalesce($13, agent_id)
      WHERE id = $1 AND fence = $2 AND status = 'running'
      RETURNING id, user_id, session_id, message_id, agent_id, status, usage
    ),${settlementSql}, message AS (
      UPDATE chat_messages m SET parts = $9::jsonb, body = $10, delivery = $5::jsonb, usage = $6::jsonb,
        timing = $7::jsonb, upstream = $8::jsonb,
        agent_id = coalesce($13, m.agent_id), agent_name = coalesce($14, m.agent_name), instead_of = $15
      FROM generation g WHERE m.user_id = g.user_id AND m.id = g.message_id AND $11::boolean
    ), session AS (
      UPDATE chat_sessions s SET last_answer_at = now(), updated_at = now()
      FROM generation g, (SELECT count(*) FROM quota_locked) AS locked_before WHERE s.user_id = g.user_id AND s.id = g.session_id
    )
    SELECT count(*)::int AS committed FROM generation`,
}

export interface FinalState {
  generationId: string
  fence: number
  finalSeq: number
  delivery: Extract<Delivery, { state: GenerationStatus }>
  message: FoldedMessage
  usage: Usage
  timing: Timing
  upstream: UpstreamIds
  /** False for `/v1` calls, which have no message row. */
  hasMessage: boolean
  isResultStored: boolean
}

/** The end of an answer, all or nothing. False: another owner, or another end, was first. */
export async function commitFinal(deps: Deps, final: FinalState): Promise<boolean> {
  const values = [
    final.generationId,
    final.fence,
    final.delivery.state,
    final.finalSeq,
    JSON.stringify(final.delivery),
    JSON.stringify(final.usage),
    JSON.stringify(final.timing),
    JSON.stringify(final.upstream),
    JSON.stringify(final.message.parts),
    toPlainText(final.message.parts),
    final.hasMessage,
    final.isResultStored ? JSON.stringify(final.message) : null,
    // An answer is accounted to the agent that gave it.
    final.message.answeredBy?.agentId ?? null,
    final.message.answeredBy?.agentName ?? null,
    final.message.answeredBy?.insteadOf ?? null,
  ]
  const [row] = await deps.database.query<{ committed: number }>(commitStatement, values, write)
  return row?.committed === 1
}

const closeStatement: Statement = {
  name: 'generation-close-logs',
  text: 'UPDATE generations SET log_closed = true WHERE id = ANY($1::text[])',
}

export async function closeLogs(deps: Deps, generationIds: readonly string[]): Promise<void> {
  await deps.database.query(closeStatement, [generationIds], write)
}

const requestStopStatement: Statement = {
  name: 'generation-request-stop',
  text: `
    UPDATE generations SET stop_requested_at = coalesce(stop_requested_at, now())
    WHERE user_id = $1 AND status = 'running' AND ($2::text IS NULL OR id = $2) AND session_id = $3
      AND id = coalesce($2, (SELECT id FROM generations WHERE user_id = $1 AND session_id = $3 AND status = 'running'
        ORDER BY created_at DESC, id DESC LIMIT 1))
    RETURNING id`,
}

/** Durable, from any instance, before the first token too. Null: nothing of the kind is running. */
export async function requestStop(
  deps: Deps,
  key: { userId: string; sessionId: string; generationId: string | null },
): Promise<string | null> {
  const values = [key.userId, key.generationId, key.sessionId]
  const [row] = await deps.database.query<{ id: string }>(requestStopStatement, values, write)
  return row?.id ?? null
}

/** A generation as the read path and the adopter see it. */
export interface GenerationRow {
  id: string
  userId: string
  sessionId: string | null
  messageId: string
  parentId: string | null
  agentId: string
  ownerInstance: string
  fence: number
  status: GenerationStatus
  isStopRequested: boolean
  checkpointSeq: number
  checkpoint: FoldedMessage | null
  finalSeq: number | null
  adoptions: number
  request: unknown
  result: FoldedMessage | null
  upstream: StoredUpstreamIds
  requestHash: string | null
  delivery: Delivery | null
  usage: Usage | null
  timing: Timing | null
  /** Since it was accepted, by the database's clock. */
  ageMs: number
  finishedAgeMs: number | null
  /** The stored parts of a finished chat answer. */
  parts: FoldedMessage['parts'] | null
  /** Of a finished chat answer. */
  answeredBy: FoldedMessage['answeredBy']
}

/** Of a generation `g` and its message `m`. */
export const rowColumns = `
  g.id, g.user_id AS "userId", g.session_id AS "sessionId", g.message_id AS "messageId", m.parent_id AS "parentId",
  g.agent_id AS "agentId", g.owner_instance AS "ownerInstance", g.fence, g.status,
  g.stop_requested_at IS NOT NULL AS "isStopRequested", g.checkpoint_seq AS "checkpointSeq", g.checkpoint,
  g.final_seq AS "finalSeq", g.adoptions, g.request, g.result, g.upstream, g.request_hash AS "requestHash",
  g.delivery, g.usage, g.timing, m.parts,
  CASE WHEN m.instead_of IS NOT NULL THEN
    json_build_object('agentId', m.agent_id, 'agentName', m.agent_name, 'insteadOf', m.instead_of) END AS "answeredBy",
  (extract(epoch FROM now() - g.created_at) * 1000)::float8 AS "ageMs",
  (extract(epoch FROM now() - g.finished_at) * 1000)::float8 AS "finishedAgeMs"`
const from = 'FROM generations g LEFT JOIN chat_messages m ON m.user_id = g.user_id AND m.id = g.message_id'

const findStatement: Statement = {
  name: 'generation-find',
  text: `SELECT ${rowColumns} ${from} WHERE g.user_id = $1 AND g.id = $2`,
}

export async function findGeneration(deps: Deps, userId: string, generationId: string): Promise<GenerationRow | null> {
  const [row] = await deps.database.query<GenerationRow>(findStatement, [userId, generationId], write)
  return row ?? null
}

const newestStatement: Statement = {
  name: 'generation-newest',
  text: `SELECT ${rowColumns} ${from} WHERE g.user_id = $1 AND g.session_id = $2 ORDER BY g.created_at DESC, g.id DESC LIMIT 1`,
}

/** The newest generation of a chat, running or not. */
export async function findNewestGeneration(
  deps: Deps,
  userId: string,
  sessionId: string,
): Promise<GenerationRow | null> {
  const [row] = await deps.database.query<GenerationRow>(newestStatement, [userId, sessionId], write)
  return row ?? null
}

const byKeyStatement: Statement = {
  name: 'generation-by-idempotency-key',
  text: `SELECT ${rowColumns} ${from} WHERE g.user_id = $1 AND g.idempotency_key = $2`,
}

export async function findGenerationByKey(deps: Deps, userId: string, key: string): Promise<GenerationRow | null> {
  const [row] = await deps.database.query<GenerationRow>(byKeyStatement, [userId, key], write)
  return row ?? null
}

const listStatement: Statement = {
  name: 'generation-list',
  text: `SELECT ${rowColumns} ${from} WHERE g.id = ANY($1::text[])`,
}

/** Of whichever user: for viewers that were let in before. */
export async function listGenerations(deps: Deps, generationIds: readonly string[]): Promise<GenerationRow[]> {
  return deps.database.query<GenerationRow>(listStatement, [generationIds], write)
}

const partialTextStatement: Statement = {
  name: 'generation-partial-text',
  text: 'SELECT body FROM chat_messages WHERE user_id = $1 AND id = $2',
}

/** The text of an answer that ended early; empty when there is none. */
export async function findPartialText(deps: Deps, userId: string, messageId: string): Promise<string> {
  const [row] = await deps.database.query<{ body: string }>(partialTextStatement, [userId, messageId], write)
  return row?.body ?? ''
}

const openLogsStatement: Statement = {
  name: 'generation-open-logs',
  text: `SELECT ${rowColumns} ${from}
    WHERE g.status <> 'running' AND NOT g.log_closed AND g.finished_at < now() - make_interval(secs => $1)
    ORDER BY g.finished_at LIMIT 200`,
}

/** Finished generations whose terminal event may be missing from the log. */
export async function listOpenLogs(deps: Deps, olderThanMs: number): Promise<GenerationRow[]> {
  return deps.database.query<GenerationRow>(openLogsStatement, [olderThanMs / 1000], write)
}
