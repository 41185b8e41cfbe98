import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collectLog } from '../../../tests/support/collect-log.ts'
import { createTestDataDir } from '../../../tests/support/open-test-database.ts'
import { openTestPostgres } from '../../../tests/support/open-postgres.ts'
import type { Database } from './database.ts'
import { openDatabase } from './open-database.ts'
import { toStatementName, type SlowStatement } from './watch-statements.ts'

test.each([
  [{ name: 'chat-search', text: 'SELECT 1' }, 'chat-search'],
  [{ text: 'select "id", "name" from "users" where "email" = $1' }, 'select users'],
  [{ text: 'insert into "login_sessions" ("id") values ($1)' }, 'insert login_sessions'],
  [{ text: 'update "instances" set "dead_at" = $1' }, 'update instances'],
  [{ text: 'delete from "api_keys"' }, 'delete api_keys'],
  [{ text: 'begin' }, 'begin'],
  [{ text: "SELECT 'geheim'" }, 'select'],
  [{ text: 'VACUUM' }, 'other'],
])('%o is called %s', (statement, name) => {
  expect(toStatementName(statement)).toBe(name)
})

const closers: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closers) await close()
})

interface Watched {
  database: Database
  log: ReturnType<typeof collectLog>
  slow: SlowStatement[]
}

async function open(databaseUrl: string | null, dataDir: string, slowStatementMs: number): Promise<Watched> {
  const log = collectLog()
  const slow: SlowStatement[] = []
  const database = await openDatabase(
    { databaseUrl, databasePoolMax: 2, dataDir, slowStatementMs },
    { logger: log.logger, onSlowStatement: (one) => slow.push(one) },
  )
  closers.push(() => database.close())
  return { database, log, slow }
}

const secret = 'what somebody asked'
const sleep = { name: 'sleep', text: 'SELECT pg_sleep($1), $2::text AS text' }
const quick = { name: 'quick', text: 'SELECT 1' }

const postgres = await openTestPostgres()
closers.push(async () => postgres?.close())
const engines: [string, () => Promise<Watched>][] = [
  ['pglite', async () => open(null, await createTestDataDir(), 300)],
  ...(postgres === null
    ? []
    : [['postgres', () => open(postgres.url, '', 300)] satisfies [string, () => Promise<Watched>]]),
]

describe.each(engines)('slow statements on %s', (_engine, openWatched) => {
  // Copying and opening an embedded database is no part of what is tested, but takes long on a busy machine.
  let watched: Watched
  beforeAll(async () => {
    watched = await openWatched()
  })

  test('are told by name and duration, never with what is in them', async () => {
    const { database, log, slow } = watched
    await database.query(quick, [])
    log.lines.length = 0
    slow.length = 0
    await database.query(quick, [])
    await database.query(sleep, [0.35, secret])
    await database.transaction(async (trx) => {
      const slept = sql<string>`pg_sleep(0.35)`.as('slept')
      await trx.selectFrom('settings').select(slept).where('key', '=', secret).execute()
      await trx.insertInto('settings').values({ key: secret, value: '{}' }).execute()
      await trx.selectFrom('settings').select(slept).where('key', '=', secret).execute()
    })
    expect(slow.map((one) => one.statement)).toEqual(['sleep', 'select settings'])
    expect(slow[0]?.durationMs).toBeGreaterThanOrEqual(340)
    const lines = log.lines.filter((line) => line.msg === 'slow database statement')
    expect(lines).toHaveLength(slow.length)
    expect(lines[0]).toMatchObject({ statement: 'sleep', durationMs: slow[0]?.durationMs, queueAgeMs: 0 })
    expect(JSON.stringify(log.lines)).not.toContain(secret)
  })
})
