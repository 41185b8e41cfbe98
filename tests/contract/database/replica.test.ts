import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listSessions } from '../../../backend/src/chat/list-sessions.ts'
import type { Database } from '../../../backend/src/db/database.ts'
import { migrateDatabase } from '../../../backend/src/db/migrate.ts'
import { allMigrations } from '../../../backend/src/db/migrations/all-migrations.ts'
import { openDatabase } from '../../../backend/src/db/open-database.ts'
import { openPostgresServer, type PostgresServer } from '../../support/postgres-server.ts'
import { seedSession } from '../../support/seed-chat.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const primary = await openPostgresServer({ settings: { synchronous_commit: 'on' } })
const timeouts = { statementMs: 2000, idleInTransactionMs: 30_000, connectMs: 1000 }
const whereText = 'SELECT pg_is_in_recovery() AS "isStandby", (SELECT count(*)::int FROM users) AS users'
const where = { name: 'where', text: whereText }
const read = { priority: 'read', from: 'replica' } as const

interface Answer {
  isStandby: boolean
  users: number
}

let standby: PostgresServer
let database: Database
/** Another instance: it knows nothing of what `database` wrote. */
let other: Database
let replay: pg.Client
let users = 0

async function open(replicaUrl: string, waitMs: number): Promise<Database> {
  if (primary === null) throw new Error('no PostgreSQL')
  const options = { databaseUrl: primary.url, databasePoolMax: 5, dataDir: '', databaseTimeouts: timeouts }
  return openDatabase({ ...options, databaseReplica: { url: replicaUrl, waitMs } }, { logger: silentLogger })
}

async function ask(from: Database): Promise<Answer | undefined> {
  const [answer] = await from.query<Answer>(where, [], read)
  return answer
}

async function addUser(): Promise<void> {
  users += 1
  const id = `user-${String(users)}`
  const row = { id, email: `${id}@example.com`, name: 'Ann', password_hash: 'x', role: 'member' as const }
  await database.kysely.insertInto('users').values(row).execute()
}

beforeAll(async () => {
  if (primary === null) return
  const options = { databaseUrl: primary.url, databasePoolMax: 2, dataDir: '' }
  const fresh = await openDatabase(options, { logger: silentLogger })
  await migrateDatabase(fresh, allMigrations, { logger: silentLogger, appVersion: '0.0.0' })
  await fresh.close()
  standby = await primary.openStandby()
  database = await open(standby.url, 1000)
  other = await open(standby.url, 1000)
  replay = new pg.Client({ connectionString: standby.url })
  await replay.connect()
})

/** After trouble a standby is left alone for a while; that has an end. */
async function untilStandbyAnswers(...databases: Database[]): Promise<void> {
  for (const each of databases) {
    await expect.poll(async () => (await ask(each))?.isStandby, { timeout: 20_000, interval: 100 }).toBe(true)
  }
}

afterAll(async () => {
  if (primary === null) return
  await replay.end()
  await database.close()
  await other.close()
  await standby.close()
  await primary.close()
})

// Where none is installed, openTestPostgres in the other files prints the notice, or fails under REQUIRE_ALL=1.
describe.each(primary === null ? [] : [primary])('a streaming standby for reads', (server: PostgresServer) => {
  test('answers reads that are marked as such, and no others', async () => {
    await untilStandbyAnswers(database, other)
    expect(await ask(database)).toMatchObject({ isStandby: true })
    expect(await database.query(where, [])).toMatchObject([{ isStandby: false }])
    expect(await database.query(where, [], { priority: 'write' })).toMatchObject([{ isStandby: false }])
  })

  test('never shows less than was written before, to whoever reads on whichever instance', async () => {
    await untilStandbyAnswers(database, other)
    let fromStandby = 0
    for (let round = 0; round < 100; round += 1) {
      await addUser()
      const answers = await Promise.all([ask(database), ask(other)])
      expect(answers.map((answer) => answer?.users)).toEqual([users, users])
      fromStandby += answers.filter((answer) => answer?.isStandby === true).length
    }
    // Not by going to the primary each time.
    expect(fromStandby).toBeGreaterThan(150)
  })

  test('is left alone while it lags, and read from again when it has caught up', async () => {
    await untilStandbyAnswers(database, other)
    await replay.query('SELECT pg_wal_replay_pause()')
    const paused = 'SELECT pg_get_wal_replay_pause_state() AS state'
    await expect.poll(async () => (await replay.query<{ state: string }>(paused)).rows).toEqual([{ state: 'paused' }])
    await addUser()
    const quick = await open(standby.url, 30)
    expect(await ask(quick)).toEqual({ isStandby: false, users })
    expect(await quick.findReplicaState()).toMatchObject({ isReachable: true, isStandby: true })
    expect((await quick.findReplicaState())?.lagBytes).toBeGreaterThan(0)
    // While it rests, reads do not even wait.
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(quick)))
    expect(answers.every((answer) => answer?.isStandby === false && answer.users === users)).toBe(true)
    await replay.query('SELECT pg_wal_replay_resume()')
    await untilStandbyAnswers(quick)
    expect(await quick.findReplicaState()).toEqual({ isReachable: true, isStandby: true, lagBytes: 0 })
    await quick.close()
  })

  test('gives the list of chats with what was written just now', async () => {
    await untilStandbyAnswers(database, other)
    await addUser()
    const userId = `user-${String(users)}`
    for (let index = 1; index <= 20; index += 1) {
      await seedSession(database, { userId, id: `${userId}-${String(index)}` })
      expect((await listSessions({ database: other }, userId, { limit: 100 })).sessions).toHaveLength(index)
    }
  })

  test('may fall silent, go away and come back: the primary answers meanwhile', async () => {
    await untilStandbyAnswers(database, other)
    standby.pause()
    expect(await ask(database)).toEqual({ isStandby: false, users })
    standby.resume()
    await replay.end()
    await standby.kill('SIGINT')
    expect(await ask(other)).toEqual({ isStandby: false, users })
    expect(await other.findReplicaState()).toMatchObject({ isReachable: false })
    await standby.start()
    replay = new pg.Client({ connectionString: standby.url })
    await replay.connect()
    await untilStandbyAnswers(other)
  })

  test('is not read from when it is no standby', async () => {
    const itself = await open(server.url, 1000)
    expect(await ask(itself)).toEqual({ isStandby: false, users })
    expect(await itself.findReplicaState()).toMatchObject({ isReachable: true, isStandby: false })
    await itself.close()
  })
})
