import { createHash } from 'node:crypto'
import { access, cp, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../../backend/src/db/database.ts'
import { migrateDatabase } from '../../backend/src/db/migrate.ts'
import { allMigrations } from '../../backend/src/db/migrations/all-migrations.ts'
import { openDatabase } from '../../backend/src/db/open-database.ts'
import { buildPgliteWorker } from './build-pglite-worker.ts'
import { openTestPostgres } from './open-postgres.ts'
import { silentLogger } from './silent-logger.ts'

export type Engine = 'pglite' | 'postgres'

export const POOL_MAX = 10

export interface TestDatabase {
  database: Database
  close(): Promise<void>
}

interface TestPgliteOptions {
  /** Hears the name of every statement. */
  onStatement?: (name: string) => void
}

async function openFolder(dataDir: string, { onStatement }: TestPgliteOptions = {}): Promise<Database> {
  const config = { databaseUrl: null, databasePoolMax: POOL_MAX, dataDir }
  if (onStatement === undefined) return openDatabase(config, { logger: silentLogger })
  // With a limit of nothing every statement is a slow one.
  const onSlowStatement = ({ statement }: { statement: string }): void => onStatement(statement)
  return openDatabase({ ...config, slowStatementMs: 0 }, { logger: silentLogger, onSlowStatement })
}

/** Making a PGlite folder takes 4 s, copying one a tenth of that; so one is kept per schema. */
async function ensureTemplateFolder(): Promise<string> {
  const key = createHash('sha256').update(JSON.stringify(allMigrations)).digest('hex').slice(0, 16)
  const template = join(tmpdir(), `llmchat-pglite-template-${key}`)
  const isThere = await access(template).then(
    () => true,
    () => false,
  )
  if (isThere) return template
  const unfinished = await mkdtemp(join(tmpdir(), 'llmchat-pglite-unfinished-'))
  const database = await openFolder(unfinished)
  await migrateDatabase(database, allMigrations, { logger: silentLogger, appVersion: '0.0.0' })
  await database.close()
  // Another test file may have been faster: then its folder stays.
  await rename(unfinished, template).catch(() => rm(unfinished, { recursive: true }))
  return template
}

/** A data folder whose `database` is PGlite with the schema in place; the caller removes it. */
export async function createTestDataDir(): Promise<string> {
  await buildPgliteWorker()
  const dataDir = await mkdtemp(join(tmpdir(), 'llmchat-data-'))
  await cp(await ensureTemplateFolder(), dataDir, { recursive: true })
  return dataDir
}

/** An empty PGlite with the schema in place. */
export async function openTestPglite(options: TestPgliteOptions = {}): Promise<TestDatabase> {
  const dataDir = await createTestDataDir()
  const database = await openFolder(dataDir, options)
  return {
    database,
    async close() {
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** An empty database of either kind with the schema in place. Null only for a PostgreSQL that is not installed (see openTestPostgres). */
export async function openTestDatabase(engine: Engine): Promise<TestDatabase | null> {
  if (engine === 'pglite') return openTestPglite()
  const postgres = await openTestPostgres()
  if (postgres === null) return null
  const options = { databaseUrl: postgres.url, databasePoolMax: POOL_MAX, dataDir: '' }
  const database = await openDatabase(options, { logger: silentLogger })
  return {
    database,
    async close() {
      await database.close()
      await postgres.close()
    },
  }
}
