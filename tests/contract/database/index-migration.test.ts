import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { migrateDatabase } from '../../../backend/src/db/migrate.ts'
import { initial } from '../../../backend/src/db/migrations/0001-initial.ts'
import { allMigrations } from '../../../backend/src/db/migrations/all-migrations.ts'
import type { IndexMigration, Migration } from '../../../backend/src/db/migrations/migration.ts'
import { openDatabase } from '../../../backend/src/db/open-database.ts'
import { openTestPostgres } from '../../support/open-postgres.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const run = promisify(execFile)
const sqlFile = 'backend/src/db/migrations/add_performance_indexes.sql'
const deps = { logger: silentLogger, appVersion: '1.2.3' }
const postgres = await openTestPostgres({ isEmpty: true })
const url = postgres?.url ?? ''
const database = await openDatabase({ databaseUrl: url, databasePoolMax: 5, dataDir: '' }, deps)
const beside = new pg.Client({ connectionString: url })

afterAll(async () => {
  await beside.end()
  await database.close()
  await postgres?.close()
})

const table: Migration = {
  name: '0001-table',
  sql: 'CREATE TABLE things (id int, size int); INSERT INTO things SELECT n, n FROM generate_series(1, 1000) n',
}
const indexes: IndexMigration = {
  name: '0002-indexes',
  builds: [
    { name: 'things_id', on: 'things (id)' },
    { name: 'things_size', on: 'things (size)' },
  ],
  drops: [],
}

async function listIndexes(table: string): Promise<Record<string, boolean>> {
  const found = await beside.query<{ name: string; is_valid: boolean }>(
    `SELECT indexrelid::regclass::text AS name, indisvalid AS is_valid FROM pg_index
     WHERE indrelid = to_regclass($1) ORDER BY 1`,
    [table],
  )
  return Object.fromEntries(found.rows.map((row) => [row.name, row.is_valid]))
}

async function listDefinitions(): Promise<string[]> {
  const found = await beside.query<{ indexdef: string }>(
    `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'things%' ORDER BY 1`,
  )
  return found.rows.map((row) => row.indexdef)
}

const waitingBuild = {
  text: `SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE query LIKE 'CREATE INDEX CONCURRENTLY things_id%' AND wait_event_type = 'Lock'`,
}

// The tests go on from each other: that is what migrations do.
describe.each(postgres === null ? [] : ['psql and PostgreSQL'])('an index migration on %s', () => {
  test('builds beside open transactions, keeps nobody from writing, and heals a build that was cut off', async () => {
    await beside.connect()
    await migrateDatabase(database, [table], deps)
    await beside.query('BEGIN')
    await beside.query('INSERT INTO things VALUES (0, 0)')
    const writer = new pg.Client({ connectionString: url })
    await writer.connect()
    const cutOff = expect(migrateDatabase(database, [table, indexes], deps)).rejects.toMatchObject({
      code: 'database_unavailable',
    })
    // The build waits for the transaction above; meanwhile others write.
    await expect
      .poll(async () => (await writer.query<{ count: number }>(waitingBuild)).rows, { timeout: 10_000 })
      .toEqual([{ count: 1 }])
    await writer.query('INSERT INTO things VALUES (-1, -1)')
    await writer.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%'`)
    await cutOff
    await beside.query('COMMIT')
    await writer.end()
    expect(await listIndexes('things')).toEqual({ things_id: false })

    // Several begin together: none waits inside a statement, which the build would have to wait for.
    const results = await Promise.all([1, 2, 3].map(() => migrateDatabase(database, [table, indexes], deps)))
    expect(results.flat()).toEqual(['0002-indexes'])
    expect(await listIndexes('things')).toEqual({ things_id: true, things_size: true })
  })

  test('refuses one that was changed after it had been applied', async () => {
    const changed = { ...indexes, drops: ['things_size'] }
    await expect(migrateDatabase(database, [table, changed], deps)).rejects.toMatchObject({ code: 'schema_mismatch' })
  })

  test('leaves the connection as it was', async () => {
    const settings = await Promise.all(
      Array.from({ length: 5 }, () => database.query({ name: 'limit', text: 'SHOW statement_timeout' }, [])),
    )
    expect(settings.flat()).toEqual(Array.from({ length: 5 }, () => ({ statement_timeout: '10s' })))
    await beside.query('DROP TABLE things, schema_migrations')
  })
})

async function runPsql(): Promise<string> {
  const { stdout, stderr } = await run('psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-d', url, '-f', sqlFile])
  return stdout + stderr
}

describe.each(postgres === null ? [] : ['psql and PostgreSQL'])('add_performance_indexes.sql by %s', () => {
  test('makes what the migrations make, and the migrations go on from there', async () => {
    await migrateDatabase(database, [initial], deps)
    expect(await runPsql()).not.toMatch(/ERROR|WARNING|NOTICE/)
    const byHand = await listDefinitions()
    expect(await listIndexes('chat_messages')).toMatchObject({ chat_messages_by_session: true })
    const [, ...later] = allMigrations
    await migrateDatabase(database, [initial, ...later.slice(0, 1)], deps)
    expect(await listDefinitions()).toEqual(byHand)
    await migrateDatabase(database, allMigrations, deps)
  })

  test('applies cleanly twice on a migrated database and changes nothing', async () => {
    const before = await listDefinitions()
    for (const _ of [1, 2]) expect(await runPsql()).not.toMatch(/ERROR|WARNING|NOTICE/)
    expect(await listDefinitions()).toEqual(before)
  })

  test('heals what an interrupted build left INVALID', async () => {
    await beside.query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'chat_messages_by_session'::regclass`)
    await runPsql()
    expect(await listIndexes('chat_messages')).toMatchObject({ chat_messages_by_session: true })
  })

  test('names only indexes that there are', async () => {
    const text = await readFile(sqlFile, 'utf8')
    const named = [...text.matchAll(/CREATE INDEX CONCURRENTLY IF NOT EXISTS (\w+)/g)].map((match) => match[1])
    const definitions = (await listDefinitions()).join('\n')
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((name) => !definitions.includes(` ${String(name)} `))).toEqual([])
  })
})
