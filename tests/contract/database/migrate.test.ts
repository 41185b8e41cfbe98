import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { containing } from '../../support/containing.ts'
import { openDatabase } from '../../../backend/src/db/open-database.ts'
import { findSchemaState, migrateDatabase } from '../../../backend/src/db/migrate.ts'
import type { Migration } from '../../../backend/src/db/migrations/migration.ts'
import type { Database } from '../../../backend/src/db/database.ts'
import { buildPgliteWorker } from '../../support/build-pglite-worker.ts'
import { openTestPostgres } from '../../support/open-postgres.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const deps = { logger: silentLogger, appVersion: '1.2.3' }
const closers: (() => Promise<void>)[] = []

async function openEmptyPglite(): Promise<Database> {
  await buildPgliteWorker()
  const dataDir = await mkdtemp(join(tmpdir(), 'llmchat-migrate-'))
  const database = await openDatabase({ databaseUrl: null, databasePoolMax: 1, dataDir }, deps)
  closers.push(async () => {
    await database.close()
    await rm(dataDir, { recursive: true })
  })
  return database
}

async function openEmptyPostgres(): Promise<Database | null> {
  const postgres = await openTestPostgres({ isEmpty: true })
  if (postgres === null) return null
  const database = await openDatabase({ databaseUrl: postgres.url, databasePoolMax: 5, dataDir: '' }, deps)
  closers.push(async () => {
    await database.close()
    await postgres.close()
  })
  return database
}

const opened: [string, Database][] = [['pglite', await openEmptyPglite()]]
const postgres = await openEmptyPostgres()
if (postgres !== null) opened.push(['postgres', postgres])

afterAll(async () => {
  for (const close of closers) await close()
})

const first: Migration = {
  name: '0001-first',
  sql: 'CREATE TABLE a (id int); CREATE TABLE b (id int);',
}
const second: Migration = { name: '0002-second', sql: 'ALTER TABLE a ADD COLUMN name text', minAppVersion: '1.3.0' }

// Each test goes on from the state the one before left: that is what migrations do.
describe.each(opened)('migrateDatabase on %s', (_engine, database) => {
  test('tells the state of an empty database', async () => {
    expect(await findSchemaState(database, [first], deps)).toEqual({
      applied: [],
      pending: ['0001-first'],
      changed: [],
      tooNew: [],
    })
  })

  test('applies each once, also when several processes begin together', async () => {
    const results = await Promise.all([1, 2, 3].map(() => migrateDatabase(database, [first], deps)))
    expect(results.flat()).toEqual(['0001-first'])
    expect(await migrateDatabase(database, [first], deps)).toEqual([])
  })

  test('undoes the whole of a migration that fails, and keeps the earlier ones', async () => {
    const broken: Migration = { name: '0002-broken', sql: 'CREATE TABLE c (id int); SELECT 1 / 0;' }
    await expect(migrateDatabase(database, [first, broken], deps)).rejects.toMatchObject({ code: '22012' })
    const found = await sql<{ c: string | null; a: string | null }>`
      SELECT to_regclass('c')::text AS c, to_regclass('a')::text AS a`.execute(database.kysely)
    expect(found.rows).toEqual([{ c: null, a: 'a' }])
    expect((await findSchemaState(database, [first], deps)).applied).toEqual(['0001-first'])
  })

  test('refuses a migration that was changed after it had been applied', async () => {
    const changed = { ...first, sql: `${first.sql} ` }
    await expect(migrateDatabase(database, [changed], deps)).rejects.toMatchObject({
      code: 'schema_mismatch',
      message: containing('0001-first'),
    })
  })

  test('refuses a newer schema only when that says so', async () => {
    const newer = { ...deps, appVersion: '1.3.0' }
    expect(await migrateDatabase(database, [first, second], newer)).toEqual(['0002-second'])
    await expect(migrateDatabase(database, [first], deps)).rejects.toMatchObject({
      code: 'schema_mismatch',
      message: containing('1.3.0'),
    })
    expect(await migrateDatabase(database, [first], newer)).toEqual([])
    expect((await findSchemaState(database, [first], deps)).tooNew).toEqual([
      { name: '0002-second', minAppVersion: '1.3.0' },
    ])
  })
})
