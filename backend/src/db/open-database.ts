import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../base/logger.ts'
import type { Config } from '../config/config.ts'
import { createDatabase } from './create-database.ts'
import type { Database } from './database.ts'
import { openPglite } from './open-pglite.ts'
import { openPostgres } from './open-postgres.ts'

/**
 * Opens PostgreSQL when `databaseUrl` is set (it may be away at this moment), else PGlite in `<dataDir>/database`,
 * whose lock (`data-dir/lock-data-dir`) the caller holds. The schema is `migrateDatabase`'s business.
 */
export async function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'databasePoolMax' | 'dataDir'>,
  deps: { logger: Logger },
): Promise<Database> {
  if (config.databaseUrl !== null) {
    return createDatabase(openPostgres({ url: config.databaseUrl, poolMax: config.databasePoolMax }, deps))
  }
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  return createDatabase(await openPglite({ folder: join(config.dataDir, 'database') }, deps))
}
