import { AppError } from '../base/app-error.ts'
import type { Database, RunText } from './database.ts'
import type { IndexBuild, IndexMigration } from './migrations/migration.ts'

interface FoundIndex {
  is_valid: boolean
}

async function findIndex(run: RunText, name: string): Promise<FoundIndex | null> {
  const [found] = await run<FoundIndex>(
    'SELECT indisvalid AND indisready AS is_valid FROM pg_index WHERE indexrelid = to_regclass($1)',
    [name],
  )
  return found ?? null
}

async function buildIndex(run: RunText, build: IndexBuild, concurrently: string): Promise<void> {
  const found = await findIndex(run, build.name)
  if (found?.is_valid === true) return
  // A build that was cut off leaves an index that is written to and never read; only building anew heals it.
  if (found !== null) await run(`DROP INDEX ${concurrently} ${build.name}`)
  await run(`CREATE INDEX ${concurrently} ${build.name} ON ${build.on}`)
  const built = await findIndex(run, build.name)
  if (built?.is_valid !== true) {
    throw new AppError('schema_mismatch', { message: `The index ${build.name} was built but is not valid.` })
  }
}

/**
 * Builds what is missing or was left INVALID, then drops what is not wanted any more. Beside others' reads and writes on
 * PostgreSQL; PGlite has one connection, so there is nobody to wait for, and a concurrent build only reads the table twice.
 */
export async function applyIndexMigration(
  run: RunText,
  migration: IndexMigration,
  engine: Database['engine'],
): Promise<void> {
  const concurrently = engine === 'postgres' ? 'CONCURRENTLY' : ''
  for (const build of migration.builds) await buildIndex(run, build, concurrently)
  for (const name of migration.drops) await run(`DROP INDEX ${concurrently} IF EXISTS ${name}`)
}
