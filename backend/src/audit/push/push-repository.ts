import { sql } from 'kysely'
import type { Database } from '../../db/database.ts'

interface Deps {
  database: Database
}

const LEASE_SECONDS = 60

/** The place to go on from, and nobody else goes on from it meanwhile. Null: another instance is at it. */
export async function leasePush({ database }: Deps, receiver: string, instanceId: string): Promise<number | null> {
  await database.kysely
    .insertInto('audit_pushes')
    .values({ receiver })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { rows } = await sql<{ lastSeq: number }>`
    UPDATE audit_pushes
    SET leased_by = ${instanceId}, leased_until = now() + make_interval(secs => ${LEASE_SECONDS}::int)
    WHERE receiver = ${receiver}
      AND (leased_until IS NULL OR leased_until < now() OR leased_by = ${instanceId})
    RETURNING last_seq AS "lastSeq"`.execute(database.kysely)
  return rows[0]?.lastSeq ?? null
}

/** False: the lease is somebody else's by now. */
export async function advancePush(
  { database }: Deps,
  receiver: string,
  instanceId: string,
  lastSeq: number,
): Promise<boolean> {
  const result = await database.kysely
    .updateTable('audit_pushes')
    .set({
      last_seq: lastSeq,
      failed_since: null,
      leased_until: sql<Date>`now() + make_interval(secs => ${LEASE_SECONDS}::int)`,
    })
    .where('receiver', '=', receiver)
    .where('leased_by', '=', instanceId)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** The lease is given up with it: another instance may reach the receiver. */
export async function failPush({ database }: Deps, receiver: string, instanceId: string): Promise<void> {
  await database.kysely
    .updateTable('audit_pushes')
    .set({ failed_since: sql<Date>`coalesce(failed_since, now())`, leased_until: null })
    .where('receiver', '=', receiver)
    .where('leased_by', '=', instanceId)
    .execute()
}

/** `waiting`: entries that it has not taken yet. */
export interface PushState {
  receiver: string
  waiting: number
  failedSince: Date | null
}

export async function listPushStates({ database }: Deps, receivers: readonly string[]): Promise<PushState[]> {
  if (receivers.length === 0) return []
  const { rows } = await sql<PushState>`
    SELECT receiver, greatest(0, chain.last_seq - audit_pushes.last_seq)::int AS waiting, failed_since AS "failedSince"
    FROM audit_pushes, audit_chain chain WHERE receiver = ANY (${[...receivers]}::text[])
    ORDER BY receiver`.execute(database.kysely)
  return rows
}

/** Up to which entry every receiver has them; where there are no receivers, all. */
export async function findPushedSeq({ database }: Deps, receivers: readonly string[]): Promise<number> {
  if (receivers.length === 0) return Number.MAX_SAFE_INTEGER
  const rows = await database.kysely
    .selectFrom('audit_pushes')
    .select('last_seq')
    .where('receiver', 'in', receivers)
    .execute()
  return rows.length < receivers.length ? 0 : Math.min(...rows.map((row) => row.last_seq))
}
