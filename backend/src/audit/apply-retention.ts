import { sql, type Kysely } from 'kysely'
import type { Database } from '../db/database.ts'
import type { DatabaseSchema } from '../db/schema.ts'
import { appendActs, lockChain, saveChain, type AppendDeps } from './append-acts.ts'
import { systemOrigin } from './audit-act.ts'
import type { ChainState } from './audit-row.ts'

const BATCH = 2000
const DAY_MS = 86_400_000

const isHeld = sql<boolean>`EXISTS (SELECT FROM users u WHERE u.is_on_legal_hold
  AND (u.id = audit_logs.actor_id OR (audit_logs.target_kind = 'user' AND u.id = audit_logs.target_id)))`

/** Rows that stayed for a legal hold which was lifted since. */
async function removeReleased(trx: Kysely<DatabaseSchema>, state: ChainState): Promise<number> {
  const result = await sql`DELETE FROM audit_logs WHERE seq <= ${state.anchor_seq} AND NOT ${isHeld}`.execute(trx)
  return Number(result.numAffectedRows ?? 0n)
}

interface RetentionBounds {
  /** What is younger stays. */
  cutoff: Date
  /** What comes after it stays, as some receiver has not taken it yet. */
  maxSeq: number
}

interface OldRow {
  seq: number
  hash: string
  isHeld: boolean
}

/** The oldest rows of the chain, up to the first that is young enough: only a whole beginning can go. */
async function listOld(trx: Kysely<DatabaseSchema>, state: ChainState, bounds: RetentionBounds): Promise<OldRow[]> {
  const { cutoff, maxSeq } = bounds
  const result = await sql<OldRow>`SELECT seq, hash, ${isHeld} AS "isHeld" FROM audit_logs
    WHERE seq > ${state.anchor_seq}
      AND seq < coalesce((SELECT min(seq) FROM audit_logs WHERE seq > ${state.anchor_seq} AND at >= ${cutoff}),
        ${state.last_seq} + 1)
      AND seq <= ${maxSeq}
    ORDER BY seq LIMIT ${BATCH}`.execute(trx)
  return result.rows
}

async function applyOnce(deps: AppendDeps & { database: Database }, bounds: RetentionBounds): Promise<number> {
  return deps.database.transaction(async (trx) => {
    const state = await lockChain(trx)
    const released = state.kept_count > 0 ? await removeReleased(trx, state) : 0
    const old = await listOld(trx, state, bounds)
    const last = old.at(-1)
    if (last === undefined && released === 0) return 0
    const held = old.filter((row) => row.isHeld).length
    if (last !== undefined) {
      const from = state.anchor_seq
      await sql`DELETE FROM audit_logs WHERE seq > ${from} AND seq <= ${last.seq} AND NOT ${isHeld}`.execute(trx)
    }
    const { id, key } = await deps.keys.getCurrent(trx, state.key_id)
    const next = {
      ...state,
      anchor_seq: last?.seq ?? state.anchor_seq,
      anchor_hash: last?.hash ?? state.anchor_hash,
      kept_count: state.kept_count - released + held,
      key_id: id,
    }
    await saveChain(trx, next, key)
    const removed = old.length - held + released
    const details = { removed, kept: next.kept_count }
    const act = { ...systemOrigin, action: 'audit.retention-applied', target: null, errorCode: null, details } as const
    await appendActs(deps, trx, [act])
    return removed
  })
}

/**
 * Removes rows older than `retentionDays`, except those of people on legal hold and those after `maxSeq`; what stays still
 * verifies. Returns how
 * many went. Instances that come at the same time wait for each other, and the second finds nothing.
 */
export async function applyRetention(
  deps: AppendDeps & { database: Database },
  retentionDays: number,
  maxSeq: number,
): Promise<number> {
  const bounds = { cutoff: new Date(deps.clock.nowMs() - retentionDays * DAY_MS), maxSeq }
  let removed = 0
  for (;;) {
    const count = await applyOnce(deps, bounds)
    removed += count
    if (count < BATCH) return removed
  }
}
