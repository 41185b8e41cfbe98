import type { AuditEntry, AuditOutcome, AuditPage } from '@llmchat/protocol/api/audit-schema'
import { sql, type RawBuilder } from 'kysely'
import { AppError } from '../base/app-error.ts'
import type { Database } from '../db/database.ts'
import { auditRowColumns, type AuditRow } from './audit-row.ts'

export interface AuditFilter {
  actorId?: string
  action?: string
  targetKind?: string
  targetId?: string
  outcome?: AuditOutcome
  /** ISO; from this moment on. */
  from?: string
  /** ISO; before this moment. */
  until?: string
}

const DEFAULT_LIMIT = 50
const EXPORT_PAGE = 500

function toConditions(filter: AuditFilter): RawBuilder<unknown>[] {
  const { actorId, action, targetKind, targetId, outcome, from, until } = filter
  return [
    ...(actorId === undefined ? [] : [sql`actor_id = ${actorId}`]),
    ...(action === undefined ? [] : [sql`action = ${action}`]),
    ...(targetKind === undefined ? [] : [sql`target_kind = ${targetKind}`]),
    ...(targetId === undefined ? [] : [sql`target_id = ${targetId}`]),
    ...(outcome === undefined ? [] : [sql`outcome = ${outcome}`]),
    ...(from === undefined ? [] : [sql`audit_logs.at >= ${new Date(from)}`]),
    ...(until === undefined ? [] : [sql`audit_logs.at < ${new Date(until)}`]),
  ]
}

async function listRows(
  database: Database,
  conditions: readonly RawBuilder<unknown>[],
  order: { direction: 'ASC' | 'DESC'; limit: number },
): Promise<AuditRow[]> {
  const where = conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` AND `)
  const result = await sql<AuditRow>`SELECT ${sql.raw(auditRowColumns)} FROM audit_logs WHERE ${where}
    ORDER BY seq ${sql.raw(order.direction)} LIMIT ${order.limit}`.execute(database.kysely)
  return result.rows
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    seq: row.seq,
    at: row.at,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    apiKeyId: row.api_key_id,
    action: row.action,
    targetKind: row.target_kind,
    targetId: row.target_id,
    outcome: row.outcome,
    errorCode: row.error_code,
    address: row.address,
    requestId: row.request_id,
    details: { ...row.details },
    hash: row.hash,
  }
}

function parseCursor(cursor: string): number {
  if (/^[1-9]\d{0,14}$/.test(cursor)) return Number(cursor)
  throw new AppError('invalid_request', { details: [{ path: '/cursor', problem: 'is not a cursor' }] })
}

/** The newest first, by keyset. Errors: `invalid_request` for a cursor that is none. */
export async function listActs(
  deps: { database: Database },
  options: AuditFilter & { cursor?: string; limit?: number },
): Promise<AuditPage> {
  const limit = options.limit ?? DEFAULT_LIMIT
  const before = options.cursor === undefined ? [] : [sql`seq < ${parseCursor(options.cursor)}`]
  const conditions = [...toConditions(options), ...before]
  const rows = await listRows(deps.database, conditions, { direction: 'DESC', limit: limit + 1 })
  const page = rows.slice(0, limit)
  return {
    entries: page.map(toEntry),
    nextCursor: rows.length > limit ? String(page.at(-1)?.seq ?? '') : null,
  }
}

/** All that fit, the oldest first, a page at a time: neither the log nor its export must fit into memory. */
export async function* readActs(
  deps: { database: Database },
  { afterSeq: startSeq = 0, ...filter }: AuditFilter & { afterSeq?: number },
): AsyncGenerator<AuditEntry[]> {
  let afterSeq = startSeq
  for (;;) {
    const conditions = [...toConditions(filter), sql`seq > ${afterSeq}`]
    const rows = await listRows(deps.database, conditions, { direction: 'ASC', limit: EXPORT_PAGE })
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows.map(toEntry)
    afterSeq = last.seq
  }
}
