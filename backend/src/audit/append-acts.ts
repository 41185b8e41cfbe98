import type { Kysely } from 'kysely'
import type { Clock } from '../base/clock.ts'
import type { DatabaseSchema } from '../db/schema.ts'
import type { AuditAct } from './audit-act.ts'
import type { AuditKeys } from './audit-keys.ts'
import { toChainMac, toRowHash, type AuditRow, type ChainState } from './audit-row.ts'

export interface AppendDeps {
  clock: Clock
  keys: AuditKeys
}

/** Locks the chain: whoever else appends waits for the end of this transaction. So it comes last in it. */
export async function lockChain(trx: Kysely<DatabaseSchema>): Promise<ChainState> {
  return trx.selectFrom('audit_chain').selectAll().forUpdate().executeTakeFirstOrThrow()
}

export async function saveChain(
  trx: Kysely<DatabaseSchema>,
  state: Omit<ChainState, 'mac'>,
  key: Buffer,
): Promise<void> {
  const { last_seq, last_hash, anchor_seq, anchor_hash, kept_count, key_id } = state
  const changes = { last_seq, last_hash, anchor_seq, anchor_hash, kept_count, key_id, mac: toChainMac(state, key) }
  await trx.updateTable('audit_chain').set(changes).execute()
}

/** PostgreSQL stores no U+0000, and an act must not go unwritten for one in a header. */
function toStorable(text: string | null): string | null {
  return text === null ? null : text.replaceAll('\0', '').slice(0, 300)
}

function toRow(act: AuditAct, place: { seq: number; at: string; keyId: string; previousHash: string }) {
  return {
    seq: place.seq,
    at: place.at,
    actor_kind: act.actorKind,
    actor_id: toStorable(act.actorId),
    api_key_id: toStorable(act.apiKeyId),
    action: act.action,
    target_kind: act.target?.kind ?? null,
    target_id: toStorable(act.target?.id ?? null),
    outcome: act.errorCode === null ? ('success' as const) : ('failure' as const),
    error_code: act.errorCode,
    address: toStorable(act.address),
    request_id: toStorable(act.requestId),
    details: act.details ?? {},
    key_id: place.keyId,
    previous_hash: place.previousHash,
  }
}

/** Writes acts at the end of the chain, in the order given, as part of `trx`. */
export async function appendActs(
  deps: AppendDeps,
  trx: Kysely<DatabaseSchema>,
  acts: readonly AuditAct[],
): Promise<void> {
  if (acts.length === 0) return
  const state = await lockChain(trx)
  const { id: keyId, key } = await deps.keys.getCurrent(trx, state.key_id)
  // The database has microseconds, the clock has not: the hash is over what will be read back.
  const at = new Date(deps.clock.nowMs()).toISOString().replace('Z', '000Z')
  const rows: AuditRow[] = []
  for (const act of acts) {
    const previousHash = rows.at(-1)?.hash ?? state.last_hash
    const row = toRow(act, { seq: state.last_seq + rows.length + 1, at, keyId, previousHash })
    rows.push({ ...row, hash: toRowHash(row, key) })
  }
  const values = rows.map((row) => ({ ...row, details: JSON.stringify(row.details) }))
  await trx.insertInto('audit_logs').values(values).execute()
  const last_hash = rows.at(-1)?.hash ?? state.last_hash
  await saveChain(trx, { ...state, last_seq: state.last_seq + rows.length, last_hash, key_id: keyId }, key)
}
