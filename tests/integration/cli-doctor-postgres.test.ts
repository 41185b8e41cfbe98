import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { runDoctor } from '../../backend/src/cli/run-doctor.ts'
import { createConfig } from '../../backend/src/config/create-config.ts'
import { openDatabase } from '../../backend/src/db/open-database.ts'
import { migrateDatabase } from '../../backend/src/db/migrate.ts'
import { allMigrations } from '../../backend/src/db/migrations/all-migrations.ts'
import { openPostgresServer, type PostgresServer } from '../support/postgres-server.ts'
import { silentLogger } from '../support/silent-logger.ts'

const server = await openPostgresServer()
const closers: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closers) await close()
  await server?.close()
})

async function migrate(url: string): Promise<void> {
  const database = await openDatabase({ databaseUrl: url, databasePoolMax: 2, dataDir: '' }, { logger: silentLogger })
  await migrateDatabase(database, allMigrations, { logger: silentLogger, appVersion: '0.0.0' })
  await database.close()
}

async function examine(postgres: PostgresServer, changes: Record<string, string> = {}): Promise<string> {
  const config = createConfig({
    LLMCHAT_MODE: 'embedded',
    PORT: '0',
    DATABASE_URL: postgres.url,
    SECRET_KEY: '0123456789'.repeat(4),
    ...changes,
  })
  return (await runDoctor({ config, logger: silentLogger, nodeVersion: process.version })).output
}

// Where none is installed, openTestPostgres in other files prints the notice, or fails under REQUIRE_ALL=1.
describe.each(server === null ? [] : [server])('doctor on PostgreSQL', (postgres: PostgresServer) => {
  test('tells of connections, indexes, search and the replica', async () => {
    await migrate(postgres.url)
    const alone = await examine(postgres)
    expect(alone).toMatch(/ok +connections: 0 running instances and one more of 52 connections each, 197 allowed/)
    expect(alone).toMatch(/ok +indexes: all are valid/)
    expect(alone).toMatch(/ok +search: finds Chinese/)
    expect(alone).toMatch(/ok +replica: none/)

    const standby = await postgres.openStandby()
    closers.push(() => standby.close())
    expect(await examine(postgres, { DATABASE_REPLICA_URL: standby.url })).toMatch(/ok +replica: a standby, \d+ bytes/)
    const wrong = await examine(postgres, { DATABASE_REPLICA_URL: postgres.url })
    expect(wrong).toMatch(/PROBLEM replica: is no standby/)
    const away = await examine(postgres, { DATABASE_REPLICA_URL: 'postgresql://127.0.0.1:1/x' })
    expect(away).toMatch(/PROBLEM replica: does not answer/)
  })

  test('finds what is wrong with them', async () => {
    const client = new pg.Client({ connectionString: postgres.url })
    await client.connect()
    await client.query("INSERT INTO instances (id, version) SELECT n::text, '0.0.0' FROM generate_series(1, 3) n")
    await client.query("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'chat_sessions_list'::regclass")
    await client.query('DROP EXTENSION pg_trgm CASCADE')
    await client.end()
    const output = await examine(postgres)
    expect(output).toMatch(/PROBLEM connections: 3 running instances and one more of 52 connections each/)
    expect(output).toContain('Set max_connections to 228 or more')
    expect(output).toMatch(/PROBLEM indexes: INVALID: chat_sessions_list/)
    expect(output).toMatch(/PROBLEM search: the extension pg_trgm is missing/)
  })
})
