import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../backend/src/db/database.ts'
import { openDatabase } from '../../../backend/src/db/open-database.ts'
import { openTcpProxy } from '../../support/tcp-proxy.ts'
import { openPostgresServer, type PostgresServer } from '../../support/postgres-server.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const one = { name: 'one', text: 'SELECT 1 AS one' }
const unavailable = { code: 'database_unavailable', retryAfterMs: 2000 }
const countIdle = {
  name: 'count-idle',
  text: "SELECT count(*)::int AS idle FROM pg_stat_activity WHERE state = 'idle in transaction'",
}
const timeouts = { statementMs: 300, idleInTransactionMs: 300, connectMs: 500 }
/** What the pool allows a silent connection beyond `statementMs`, and a new connection, and this machine. */
const settledWithinMs = 300 + 2000 + 500 + 1500

const server = await openPostgresServer()
let database: Database
const closers: (() => Promise<void>)[] = []

async function open(url: string, limits = timeouts): Promise<Database> {
  const options = { databaseUrl: url, databasePoolMax: 5, dataDir: '', databaseTimeouts: limits }
  const opened = await openDatabase(options, { logger: silentLogger })
  closers.push(() => opened.close())
  return opened
}

beforeAll(async () => {
  if (server !== null) database = await open(server.url)
})
afterEach(async () => {
  for (const close of closers.splice(1)) await close()
})
afterAll(async () => {
  for (const close of closers) await close()
  await server?.close()
})

interface Use {
  errors: unknown[]
  slowestMs: number
  /** Successes since the last call. */
  countSuccesses(): number
  stop(): Promise<void>
}

/** Statements and transactions from many sides without a pause. */
function useWithoutPause(): Use {
  let isStopped = false
  let successes = 0
  const use: Use = {
    errors: [],
    slowestMs: 0,
    countSuccesses() {
      const count = successes
      successes = 0
      return count
    },
    async stop() {
      isStopped = true
      await Promise.all(workers)
    },
  }
  async function work(index: number): Promise<void> {
    while (!isStopped) {
      const startedMs = performance.now()
      try {
        if (index % 2 === 0) await database.query(one, [])
        else await database.transaction((trx) => trx.selectNoFrom((builder) => builder.val(1).as('one')).execute())
        successes += 1
      } catch (error) {
        use.errors.push(error)
        // A refused connection comes back at once; the loop must leave the others room.
        await new Promise((resolve) => setImmediate(resolve))
      }
      use.slowestMs = Math.max(use.slowestMs, performance.now() - startedMs)
    }
  }
  const workers = Array.from({ length: 8 }, (_, index) => work(index))
  return use
}

function expectAllCoded(errors: readonly unknown[]): void {
  expect(errors.length).toBeGreaterThan(0)
  expect(errors.filter((error) => (error as { code?: string }).code !== unavailable.code)).toEqual([])
  expect(errors[0]).toMatchObject(unavailable)
}

// Where none is installed, openTestPostgres in the other files prints the notice, or fails under REQUIRE_ALL=1.
describe.each(server === null ? [] : [server])('PostgreSQL under use', (postgres: PostgresServer) => {
  test('is restarted: errors say so, and everything goes on by itself', async () => {
    const use = useWithoutPause()
    await expect.poll(() => use.countSuccesses()).toBeGreaterThan(10)
    await postgres.kill('SIGINT')
    await expect.poll(() => use.errors.length).toBeGreaterThan(10)
    await postgres.start()
    use.countSuccesses()
    await expect.poll(() => use.countSuccesses(), { timeout: 10_000 }).toBeGreaterThan(10)
    await use.stop()
    expectAllCoded(use.errors)
    const settled = await Promise.allSettled(Array.from({ length: 50 }, () => database.query(one, [])))
    expect(settled.filter((each) => each.status === 'rejected')).toEqual([])
  })

  test('falls silent (SIGSTOP): nobody waits for ever, and everything goes on by itself', async () => {
    const use = useWithoutPause()
    await expect.poll(() => use.countSuccesses()).toBeGreaterThan(10)
    postgres.pause()
    await expect.poll(() => use.errors.length, { timeout: 10_000 }).toBeGreaterThan(20)
    expect(await database.ping(200)).toBe(false)
    postgres.resume()
    use.countSuccesses()
    await expect.poll(() => use.countSuccesses(), { timeout: 10_000 }).toBeGreaterThan(10)
    await use.stop()
    expectAllCoded(use.errors)
    expect(use.slowestMs).toBeLessThan(settledWithinMs)
    expect(await database.ping(5000)).toBe(true)
  })

  test('loses connections without a word: one request finds out, the others get new ones', async () => {
    const proxy = await openTcpProxy({ port: Number(new URL(postgres.url).port) })
    const url = new URL(postgres.url)
    url.port = String(proxy.port)
    // Twenty new connections at once take their time on a busy machine.
    const proxied = await open(url.href, { ...timeouts, connectMs: 10_000 })
    const sleep = { name: 'sleep', text: 'SELECT pg_sleep(0.05)' }
    // At once, so that all five connections exist and lie idle.
    await Promise.all(Array.from({ length: 5 }, () => proxied.query(sleep, [])))
    proxy.silence()
    await expect(proxied.query(one, [])).rejects.toMatchObject(unavailable)
    const startedMs = performance.now()
    const settled = await Promise.allSettled(Array.from({ length: 20 }, () => proxied.query(one, [])))
    expect(settled.filter((each) => each.status === 'rejected')).toEqual([])
    expect(performance.now() - startedMs).toBeLessThan(timeouts.statementMs + 2000)
    await proxy.close()
  })

  test('gives up what takes too long, a statement and a transaction that does nothing, and says so', async () => {
    const endless = { name: 'endless', text: 'SELECT pg_sleep(60)' }
    await expect(database.query(endless, [])).rejects.toMatchObject(unavailable)
    // Inside a transaction its own database is refused.
    const beside = await open(postgres.url)
    const idle = database.transaction(async (trx) => {
      await trx.selectNoFrom((builder) => builder.val(1).as('one')).execute()
      await expect.poll(() => beside.query(countIdle, []), { timeout: 10_000 }).toEqual([{ idle: 0 }])
      await trx.selectNoFrom((builder) => builder.val(1).as('one')).execute()
    })
    await expect(idle).rejects.toMatchObject(unavailable)
    expect(await database.query(one, [])).toEqual([{ one: 1 }])
  })

  test('is told who asks', async () => {
    const named = { name: 'who', text: "SELECT current_setting('application_name') AS name" }
    expect(await database.query(named, [])).toEqual([{ name: 'llmchat' }])
  })
})
