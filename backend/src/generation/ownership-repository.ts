import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'
import { rowColumns, type GenerationRow } from './generation-repository.ts'

interface Deps {
  database: Database
}

const write = { priority: 'write' } as const

/** The owner of what was handed over: nobody, so that anybody may take it at once. */
const nobody = ''

// Rows that another instance claims in this moment are skipped, not waited for: each gets a share of them. A row that was
// claimed between our snapshot and our lock is found changed: PostgreSQL then looks at the row's own columns again, not at
// NOT EXISTS, so it is its fence that must still be the one we saw. Who has been declared dead itself claims nothing.
const claimStatement: Statement = {
  name: 'generation-claim-orphans',
  text: `
    WITH seen AS MATERIALIZED (
      SELECT o.id, o.fence, o.created_at FROM generations o
      WHERE o.status = 'running'
        AND NOT EXISTS (SELECT FROM instances i WHERE i.id = o.owner_instance AND i.dead_at IS NULL)
    ), locked AS MATERIALIZED (
      SELECT o.id FROM seen JOIN generations o ON o.id = seen.id AND o.fence = seen.fence AND o.status = 'running'
      ORDER BY seen.created_at LIMIT $2 FOR UPDATE OF o SKIP LOCKED
    ), g AS (
      UPDATE generations SET owner_instance = $1, fence = fence + 1, adoptions = adoptions + 1
      WHERE id IN (SELECT id FROM locked) AND EXISTS (SELECT FROM instances WHERE id = $1 AND dead_at IS NULL)
      RETURNING *
    )
    SELECT ${rowColumns} FROM g LEFT JOIN chat_messages m ON m.user_id = g.user_id AND m.id = g.message_id`,
}

/** Takes running generations whose owner is gone: owner, fence + 1 and the count of adoptions in one step. */
export async function claimOrphans(deps: Deps, instanceId: string, limit: number): Promise<GenerationRow[]> {
  return deps.database.query<GenerationRow>(claimStatement, [instanceId, limit], write)
}

const releaseStatement: Statement = {
  name: 'generation-release',
  text: `
    UPDATE generations g SET owner_instance = '${nobody}', adoptions = adoptions - CASE WHEN $3 THEN 0 ELSE 1 END
    FROM unnest($1::text[], $2::int[]) AS r (id, fence)
    WHERE g.id = r.id AND g.fence = r.fence AND g.status = 'running'`,
}

/**
 * Gives generations up without waiting for a death: whoever looks next takes them. `isLoss`: the next adoption counts
 * towards their limit. A hand-over, or an adoption that did not succeed, says nothing against the generation.
 */
export async function releaseGenerations(
  deps: Deps,
  owned: readonly { generationId: string; fence: number }[],
  options: { isLoss: boolean },
): Promise<void> {
  if (owned.length === 0) return
  const values = [owned.map((one) => one.generationId), owned.map((one) => one.fence), options.isLoss]
  await deps.database.query(releaseStatement, values, write)
}

const stopRequestedStatement: Statement = {
  name: 'generation-stop-requested',
  text: `SELECT id FROM generations
    WHERE owner_instance = $1 AND status = 'running' AND stop_requested_at IS NOT NULL`,
}

/** Running generations of this owner that somebody wants stopped. */
export async function listStopRequested(deps: Deps, instanceId: string): Promise<string[]> {
  const rows = await deps.database.query<{ id: string }>(stopRequestedStatement, [instanceId], write)
  return rows.map((row) => row.id)
}

const ownedStatement: Statement = {
  name: 'generation-owned',
  text: `SELECT id AS "generationId", fence FROM generations
    WHERE owner_instance = $1 AND status = 'running' AND created_at < now() - make_interval(secs => $2)`,
}

/** What the database says this owner runs, but for what was accepted a moment ago. */
export async function listOwned(
  deps: Deps,
  instanceId: string,
  olderThanMs: number,
): Promise<{ generationId: string; fence: number }[]> {
  return deps.database.query(ownedStatement, [instanceId, olderThanMs / 1000], write)
}

const isOwnedStatement: Statement = {
  name: 'generation-is-owned',
  text: `SELECT EXISTS (SELECT FROM generations WHERE id = $1 AND fence = $2 AND status = 'running') AS "isOwned"`,
}

/** Whether a running generation is still with the owner that has this fence. */
export async function isOwned(deps: Deps, generationId: string, fence: number): Promise<boolean> {
  const [row] = await deps.database.query<{ isOwned: boolean }>(isOwnedStatement, [generationId, fence], write)
  return row?.isOwned ?? false
}

const othersStatement: Statement = {
  name: 'generation-other-owners',
  text: 'SELECT EXISTS (SELECT FROM instances WHERE id <> $1 AND dead_at IS NULL AND NOT is_draining) AS "hasOthers"',
}

/** Whether anybody is there to take over what this instance gives up. */
export async function hasOtherOwners(deps: Deps, instanceId: string): Promise<boolean> {
  const [row] = await deps.database.query<{ hasOthers: boolean }>(othersStatement, [instanceId], write)
  return row?.hasOthers ?? false
}
