import { createHash } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/logger.ts'
import { compareVersions } from './compare-versions.ts'
import type { Database } from './database.ts'
import type { Migration } from './migrations/migration.ts'
import type { DatabaseSchema } from './schema.ts'

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

function toChecksum(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex')
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

async function listApplied(kysely: Kysely<DatabaseSchema>): Promise<AppliedRow[]> {
  const result =
    await sql<AppliedRow>`SELECT name, checksum, min_app_version FROM schema_migrations ORDER BY name`.execute(kysely)
  return result.rows
}

/** Applies the first pending migration, if any, in one transaction together with the note that it was. */
async function applyNext(
  trx: Kysely<DatabaseSchema>,
  migrations: readonly Migration[],
  deps: MigrateDeps,
): Promise<string | null> {
  // Instances that start together wait here for each other, and index builds may take long.
  await sql`SET LOCAL statement_timeout = 0`.execute(trx)
  await sql`SELECT pg_advisory_xact_lock(${LOCK_KEY})`.execute(trx)
  await sql`
    CREATE TABLE IF NOT EXISTS schema_migrations (
      name text PRIMARY KEY,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now(),
      min_app_version text
    )`.execute(trx)
  const state = toState(await listApplied(trx), migrations, deps.appVersion)
  refuseMisfit(state)
  const next = migrations.find((migration) => migration.name === state.pending[0])
  if (next === undefined) return null
  await sql.raw(next.sql).execute(trx)
  await sql`
    INSERT INTO schema_migrations (name, checksum, min_app_version)
    VALUES (${next.name}, ${toChecksum(next)}, ${next.minAppVersion ?? null})`.execute(trx)
  return next.name
}

/**
 * Brings the schema up to `migrations`, each in a transaction of its own; returns the names applied now. Throws AppError
 * `schema_mismatch` on a changed migration or a schema that is too new, else the database's error; what came before
 * stays applied. Safe to run from several processes at once.
 */
export async function migrateDatabase(
  database: Database,
  migrations: readonly Migration[],
  deps: MigrateDeps,
): Promise<string[]> {
  const applied: string[] = []
  for (;;) {
    const name = await database.transaction((trx) => applyNext(trx, migrations, deps))
    if (name === null) return applied
    applied.push(name)
    deps.logger.info({ migration: name }, 'migration applied')
  }
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
  const applied = found?.is_there === true ? await listApplied(database.kysely) : []
  return toState(applied, migrations, deps.appVersion)
}
