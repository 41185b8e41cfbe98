import { createHash } from 'node:crypto'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/logger.ts'
import { applyIndexMigration } from './apply-index-migration.ts'
import { compareVersions } from './compare-versions.ts'
import type { Database, RunText } from './database.ts'
import type { Migration } from './migrations/migration.ts'

/** What a database's schema is to this version of the program. */
export interface SchemaState {
  /** Names in the order of application. */
  applied: string[]
  pending: string[]
  /** Applied, but their text here is another. */
  changed: string[]
  /** Applied by a newer version that says we are too old for it. */
  tooNew: { name: string; minAppVersion: string }[]
}

interface AppliedRow {
  name: string
  checksum: string
  min_app_version: string | null
}

interface MigrateDeps {
  logger: Logger
  /** This program's version, `MAJOR.MINOR.PATCH`. */
  appVersion: string
}

/** Any constant will do, so long as nothing else in the database locks it. */
const LOCK_KEY = 6_021_987

const LOCK_RETRY_MS = 200

function toChecksum(migration: Migration): string {
  const text = 'sql' in migration ? migration.sql : JSON.stringify([migration.builds, migration.drops])
  return createHash('sha256').update(text).digest('hex')
}

function toState(applied: AppliedRow[], migrations: readonly Migration[], appVersion: string): SchemaState {
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  const names = new Set(applied.map((row) => row.name))
  return {
    applied: applied.map((row) => row.name),
    pending: migrations.map((migration) => migration.name).filter((name) => !names.has(name)),
    changed: applied
      .filter((row) => {
        const migration = known.get(row.name)
        return migration !== undefined && toChecksum(migration) !== row.checksum
      })
      .map((row) => row.name),
    tooNew: applied.flatMap((row) =>
      !known.has(row.name) && row.min_app_version !== null && compareVersions(row.min_app_version, appVersion) > 0
        ? [{ name: row.name, minAppVersion: row.min_app_version }]
        : [],
    ),
  }
}

function refuseMisfit(state: SchemaState): void {
  if (state.changed.length > 0) {
    throw new AppError('schema_mismatch', {
      message: `Migrations were changed after they had been applied: ${state.changed.join(', ')}.`,
      details: state,
    })
  }
  const [first] = state.tooNew
  if (first !== undefined) {
    throw new AppError('schema_mismatch', {
      message: `The schema is newer than this version (${first.name} needs ${first.minAppVersion} or later).`,
      details: state,
    })
  }
}

const appliedText = 'SELECT name, checksum, min_app_version FROM schema_migrations ORDER BY name'

/**
 * Instances that start together wait here for each other. They ask again and again rather than wait inside a statement:
 * a waiting statement has a snapshot, for whose end a concurrent index build waits, which the waiting one waits for.
 */
async function lock(run: RunText): Promise<void> {
  for (;;) {
    const [row] = await run<{ is_locked: boolean }>('SELECT pg_try_advisory_lock($1::bigint) AS is_locked', [LOCK_KEY])
    if (row?.is_locked === true) return
    await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS))
  }
}

async function prepareSession(run: RunText): Promise<void> {
  await run('SET statement_timeout = 0')
  // Not idle but waiting for us; set so that no limit of the connection ends a long migration half-way.
  await run('SET idle_in_transaction_session_timeout = 0')
  await lock(run)
  await run(`
    CREATE TABLE IF NOT EXISTS schema_migrations (
      name text PRIMARY KEY,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now(),
      min_app_version text
    )`)
}

/** The session goes back to where it came from: as it was, and without what a failure left behind. */
async function resetSession(run: RunText): Promise<void> {
  await run('ROLLBACK')
  await run('SELECT pg_advisory_unlock_all()')
  await run('RESET statement_timeout')
  await run('RESET idle_in_transaction_session_timeout')
}

async function note(run: RunText, migration: Migration): Promise<void> {
  await run('INSERT INTO schema_migrations (name, checksum, min_app_version) VALUES ($1, $2, $3)', [
    migration.name,
    toChecksum(migration),
    migration.minAppVersion ?? null,
  ])
}

async function apply(run: RunText, migration: Migration, engine: Database['engine']): Promise<void> {
  if (!('sql' in migration)) {
    // Noted after all of it: cut off in between, it is done again, and each of its steps looks before it acts.
    await applyIndexMigration(run, migration, engine)
    await note(run, migration)
    return
  }
  await run('BEGIN')
  await run(migration.sql)
  await note(run, migration)
  await run('COMMIT')
}

async function migrate(
  run: RunText,
  migrations: readonly Migration[],
  deps: MigrateDeps & { engine: Database['engine'] },
): Promise<string[]> {
  const state = toState(await run<AppliedRow>(appliedText), migrations, deps.appVersion)
  refuseMisfit(state)
  for (const migration of migrations.filter((each) => state.pending.includes(each.name))) {
    await apply(run, migration, deps.engine)
    deps.logger.info({ migration: migration.name }, 'migration applied')
  }
  return state.pending
}

/**
 * Brings the schema up to `migrations`; returns the names applied now. Throws AppError `schema_mismatch` on a changed
 * migration or a schema that is too new, else the database's error; what came before stays applied. Safe to run from
 * several processes at once.
 */
export async function migrateDatabase(
  database: Database,
  migrations: readonly Migration[],
  deps: MigrateDeps,
): Promise<string[]> {
  return database.maintain(async (run) => {
    try {
      await prepareSession(run)
      return await migrate(run, migrations, { ...deps, engine: database.engine })
    } finally {
      // On a connection that is lost there is nothing to reset, and its own error tells more.
      await resetSession(run).catch(() => undefined)
    }
  })
}

/** Looks without changing anything. */
export async function findSchemaState(
  database: Database,
  migrations: readonly Migration[],
  deps: { appVersion: string },
): Promise<SchemaState> {
  const [found] = await database.query<{ is_there: boolean }>(
    { name: 'schema-table-exists', text: "SELECT to_regclass('schema_migrations') IS NOT NULL AS is_there" },
    [],
  )
  const applied =
    found?.is_there === true ? await database.query<AppliedRow>({ name: 'schema-applied', text: appliedText }, []) : []
  return toState(applied, migrations, deps.appVersion)
}
