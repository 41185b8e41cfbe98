import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { DatabaseSchema } from '../db/schema.ts'

/** A row as it is hashed: its time is text, in PostgreSQL's own precision. */
export type AuditRow = Omit<Selectable<DatabaseSchema['audit_logs']>, 'at'> & { at: string }
export type ChainState = Omit<Selectable<DatabaseSchema['audit_chain']>, 'id'>

/** SQL for all columns of an AuditRow. */
export const auditRowColumns = `seq, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, actor_kind,
  actor_id, api_key_id, action, target_kind, target_id, outcome, error_code, address, request_id, details, key_id,
  previous_hash, hash`

/** jsonb keeps neither the order of keys nor spaces; so they are put in order here. */
function toSorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, toSorted(item)])
}

/** HMAC-SHA256 over every column and, by `previous_hash`, over all rows before. Hex. */
export function toRowHash(row: Omit<AuditRow, 'hash'>, key: Buffer): string {
  const fields = [
    'row',
    row.seq,
    row.at,
    row.actor_kind,
    row.actor_id,
    row.api_key_id,
    row.action,
    row.target_kind,
    row.target_id,
    row.outcome,
    row.error_code,
    row.address,
    row.request_id,
    toSorted(row.details),
    row.key_id,
    row.previous_hash,
  ]
  return createHmac('sha256', key).update(JSON.stringify(fields)).digest('hex')
}

/** The end of the chain and its anchor are no less worth changing than a row. */
export function toChainMac(state: Omit<ChainState, 'mac'>, key: Buffer): string {
  const fields = [
    'chain',
    state.last_seq,
    state.last_hash,
    state.anchor_seq,
    state.anchor_hash,
    state.kept_count,
    state.key_id,
  ]
  return createHmac('sha256', key).update(JSON.stringify(fields)).digest('hex')
}

export function isSameHash(found: string | null, expected: string): boolean {
  if (found?.length !== expected.length) return false
  return timingSafeEqual(Buffer.from(found), Buffer.from(expected))
}
