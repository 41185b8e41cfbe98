import type { Instance } from '@llmchat/protocol/api/instance-schema'
import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'

interface Deps {
  database: Database
}

interface InstanceRow extends Omit<Instance, 'isThis' | 'startedAt'> {
  startedAt: Date
}

const listStatement: Statement = {
  name: 'instance-list',
  text: `
    SELECT i.id, i.version, i.started_at AS "startedAt",
      CASE WHEN i.dead_at IS NOT NULL THEN 'dead' WHEN i.is_draining THEN 'draining' ELSE 'running' END AS state,
      round(extract(epoch FROM clock_timestamp() - i.heartbeat_at) * 1000)::float8 AS "heartbeatAgeMs",
      (SELECT count(*)::int FROM generations g WHERE g.owner_instance = i.id AND g.status = 'running')
        AS "runningGenerations"
    FROM instances i
    WHERE i.dead_at IS NULL OR i.dead_at > now() - interval '10 minutes'
    ORDER BY i.started_at, i.id LIMIT 200`,
}

/** Those that live, and those that died lately. */
export async function listInstances(deps: Deps, ownId: string): Promise<Instance[]> {
  const rows = await deps.database.query<InstanceRow>(listStatement, [])
  return rows.map((row) => ({ ...row, startedAt: row.startedAt.toISOString(), isThis: row.id === ownId }))
}

const drainStatement: Statement = {
  name: 'instance-set-draining',
  text: 'UPDATE instances SET is_draining = $2 WHERE id = $1 AND dead_at IS NULL RETURNING id',
}

/** The instance itself hears of it at its next beat. False: there is no such living one. */
export async function setDraining(deps: Deps, instanceId: string, isDraining: boolean): Promise<boolean> {
  const rows = await deps.database.query<{ id: string }>(drainStatement, [instanceId, isDraining], {
    priority: 'write',
  })
  return rows.length > 0
}

const forgetStatement: Statement = {
  name: 'instance-forget',
  text: `DELETE FROM instances i WHERE i.dead_at < now() - interval '1 day'
    AND NOT EXISTS (SELECT FROM generations g WHERE g.owner_instance = i.id AND g.status = 'running')`,
}

/** Rows of processes that ended long ago. */
export async function forgetDead(deps: Deps): Promise<void> {
  await deps.database.query(forgetStatement, [])
}
