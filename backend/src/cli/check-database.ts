import type { Config } from '../config/config.ts'
import type { Database } from '../db/database.ts'
import { toOk, toProblem, type Check } from './check.ts'

interface CheckDatabaseDeps {
  database: Database
  config: Pick<Config, 'databasePoolMax' | 'databaseReplica'>
}

/** An instance has these beside its pool, for beats and readiness. */
const OWN_CONNECTIONS = 2

async function checkTrigrams(database: Database): Promise<Check> {
  const [extension] = await database.query(
    { name: 'check-extension', text: "SELECT extversion FROM pg_extension WHERE extname = 'pg_trgm'" },
    [],
  )
  if (extension === undefined) {
    return toProblem('search', 'the extension pg_trgm is missing', 'Run on the database: CREATE EXTENSION pg_trgm')
  }
  const [row] = await database.query<{ trigrams: string[] }>(
    { name: 'check-trigrams', text: "SELECT show_trgm('你好世界') AS trigrams" },
    [],
  )
  if ((row?.trigrams.length ?? 0) > 0) return toOk('search', 'finds Chinese')
  const advice = 'Make the database anew with LC_CTYPE C.UTF-8 or another UTF-8 one, and restore into it.'
  return toProblem('search', 'can’t find Chinese: the database’s character type is plain C', advice)
}

async function checkIndexes(database: Database): Promise<Check> {
  const rows = await database.query<{ name: string }>(
    {
      name: 'check-indexes',
      text: 'SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid ORDER BY 1',
    },
    [],
  )
  if (rows.length === 0) return toOk('indexes', 'all are valid')
  const names = rows.map((row) => row.name).join(', ')
  const advice = 'A build was cut off, or runs now. Run psql -f backend/src/db/migrations/add_performance_indexes.sql'
  return toProblem('indexes', `INVALID: ${names}`, advice)
}

interface ConnectionRow {
  limit: number
  instances: number
}

async function checkConnections(deps: CheckDatabaseDeps): Promise<Check> {
  const [row] = await deps.database.query<ConnectionRow>(
    {
      name: 'check-connections',
      text: `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS limit,
        (SELECT count(*)::int FROM instances
          WHERE dead_at IS NULL AND heartbeat_at > now() - interval '1 minute') AS instances`,
    },
    [],
  )
  const { limit, instances } = row ?? { limit: 0, instances: 0 }
  const each = deps.config.databasePoolMax + OWN_CONNECTIONS
  // One more: during a rolling upgrade the old and the new one run side by side.
  const wanted = (Math.max(instances, 1) + 1) * each
  const sum = `${String(instances)} running instances and one more of ${String(each)} connections each, ${String(limit)} allowed`
  if (wanted <= limit) return toOk('connections', sum)
  return toProblem(
    'connections',
    sum,
    `Set max_connections to ${String(wanted + 20)} or more, or DATABASE_POOL_MAX lower.`,
  )
}

async function checkReplica(deps: CheckDatabaseDeps): Promise<Check> {
  const state = await deps.database.findReplicaState()
  if (state === null) return toOk('replica', 'none; all reads go to DATABASE_URL')
  if (!state.isReachable) {
    return toProblem('replica', 'does not answer; all reads go to DATABASE_URL', 'Check DATABASE_REPLICA_URL.')
  }
  if (!state.isStandby) {
    return toProblem(
      'replica',
      'is no standby, so nothing is read from it',
      'It was promoted, or the address is wrong.',
    )
  }
  const lag = state.lagBytes === null ? 'an unknown lag' : `${String(state.lagBytes)} bytes behind`
  return toOk('replica', `a standby, ${lag}`)
}

/** What only a database that answers and has its schema can tell. Embedded, there are neither connections nor replicas. */
export async function checkDatabase(deps: CheckDatabaseDeps): Promise<Check[]> {
  const checks = [await checkTrigrams(deps.database), await checkIndexes(deps.database)]
  if (deps.database.engine === 'pglite') return checks
  return [...checks, await checkConnections(deps), await checkReplica(deps)]
}
