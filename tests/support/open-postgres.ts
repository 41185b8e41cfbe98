import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { openDatabase } from '../../backend/src/db/open-database.ts'
import { migrateDatabase } from '../../backend/src/db/migrate.ts'
import { allMigrations } from '../../backend/src/db/migrations/all-migrations.ts'
import { silentLogger } from './silent-logger.ts'
import { openPostgresServer } from './postgres-server.ts'

/** Where a server that many test files share is announced (see global-set-up.ts). */
export const SHARED_SERVER_VARIABLE = 'LLMCHAT_TEST_POSTGRES_URL'

const TEMPLATE = 'llmchat_template'
const TEMPLATE_LOCK = 71_177

export interface TestPostgres {
  url: string
  close(): Promise<void>
}

function toDatabaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function migrate(url: string): Promise<void> {
  const database = await openDatabase({ databaseUrl: url, databasePoolMax: 1, dataDir: '' }, { logger: silentLogger })
  try {
    await migrateDatabase(database, allMigrations, { logger: silentLogger, appVersion: '0.0.0' })
  } finally {
    await database.close()
  }
}

/** Migrating takes a second, copying a template a twentieth of one. */
async function ensureTemplate(serverUrl: string): Promise<void> {
  await withClient(serverUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE])
    if (found.rowCount !== 0) return
    await client.query('CREATE DATABASE llmchat_unfinished')
    await migrate(toDatabaseUrl(serverUrl, 'llmchat_unfinished'))
    await client.query(`ALTER DATABASE llmchat_unfinished RENAME TO ${TEMPLATE}`)
  })
}

/**
 * A database of its own on a real PostgreSQL, with the schema in place unless `isEmpty`. Where no PostgreSQL is installed:
 * null and a printed notice, or an error under REQUIRE_ALL=1.
 */
export async function openTestPostgres(options: { isEmpty?: boolean } = {}): Promise<TestPostgres | null> {
  const sharedUrl = process.env[SHARED_SERVER_VARIABLE]
  const own = sharedUrl === undefined ? await openPostgresServer() : null
  const serverUrl = sharedUrl ?? own?.url
  if (serverUrl === undefined) {
    if (process.env.REQUIRE_ALL === '1') throw new Error('no PostgreSQL under /usr/lib/postgresql (REQUIRE_ALL=1)')
    process.stderr.write('NOTICE: no PostgreSQL under /usr/lib/postgresql; its half of the contract is not tested\n')
    return null
  }
  const name = `test_${randomBytes(8).toString('hex')}`
  if (options.isEmpty !== true) await ensureTemplate(serverUrl)
  const template = options.isEmpty === true ? 'template1' : TEMPLATE
  await withClient(serverUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`))
  return {
    url: toDatabaseUrl(serverUrl, name),
    async close() {
      await withClient(serverUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`))
      await own?.close()
    },
  }
}
