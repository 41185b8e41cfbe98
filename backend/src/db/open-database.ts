import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../base/logger.ts'
import type { Config } from '../config/config.ts'
import { databaseSettings } from '../config/settings/database-settings.ts'
import { createDatabase } from './create-database.ts'
import type { Database } from './database.ts'
import { openPglite } from './open-pglite.ts'
import { openPostgres } from './open-postgres.ts'
import { openReplica } from './open-replica.ts'
import { watchStatements, type SlowStatement } from './watch-statements.ts'

type Optional = 'databaseReplica' | 'databaseTimeouts' | 'slowStatementMs'

/** What is left out is as the settings' defaults have it. */
type DatabaseConfig = Pick<Config, 'databaseUrl' | 'databasePoolMax' | 'dataDir'> & Partial<Pick<Config, Optional>>

interface OpenDatabaseDeps {
  logger: Logger
  /** For counting; the log has it already. */
  onSlowStatement?: (slow: SlowStatement) => void
}

const defaults = {
  timeouts: {
    statementMs: databaseSettings.databaseStatementMs.default,
    idleInTransactionMs: databaseSettings.databaseIdleInTransactionMs.default,
    connectMs: databaseSettings.databaseConnectMs.default,
  },
  slowMs: databaseSettings.slowStatementMs.default,
}

/**
 * Opens PostgreSQL when `databaseUrl` is set (it may be away at this moment, and so may the replica), else PGlite in
 * `<dataDir>/database`, whose lock (`data-dir/lock-data-dir`) the caller holds. The schema is `migrateDatabase`'s business.
 */
export async function openDatabase(config: DatabaseConfig, deps: OpenDatabaseDeps): Promise<Database> {
  const watch = { slowMs: config.slowStatementMs ?? defaults.slowMs, onSlow: deps.onSlowStatement ?? (() => undefined) }
  if (config.databaseUrl === null) {
    await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
    const source = await openPglite({ folder: join(config.dataDir, 'database') }, deps)
    return createDatabase(watchStatements(source, watch, deps), { engine: 'pglite', replica: null })
  }
  const common = { poolMax: config.databasePoolMax, timeouts: config.databaseTimeouts ?? defaults.timeouts }
  const source = watchStatements(openPostgres({ ...common, url: config.databaseUrl }, deps), watch, deps)
  const standby = config.databaseReplica ?? null
  const replica = standby && openReplica({ ...common, ...standby }, source, deps)
  return createDatabase(source, { engine: 'postgres', replica })
}
