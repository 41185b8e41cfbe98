import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../../backend/src/base/app-error.ts'
import type { Database } from '../../../backend/src/db/database.ts'
import { findViolatedUnique } from '../../../backend/src/db/database-error.ts'
import { createGate } from '../../support/create-gate.ts'
import {
  openTestDatabase,
  openTestPglite,
  POOL_MAX,
  type Engine,
  type TestDatabase,
} from '../../support/open-test-database.ts'

const opened: [Engine, TestDatabase][] = [['pglite', await openTestPglite()]]
const postgres = await openTestDatabase('postgres')
if (postgres !== null) opened.push(['postgres', postgres])

afterAll(async () => {
  for (const [, each] of opened) await each.close()
})

function toUser(id: string) {
  return { id, email: `${id}@example.com`, name: 'Ann', password_hash: 'x', role: 'member' as const }
}

describe.each(opened)('the database on %s', (engine, { database }: { database: Database }) => {
  beforeAll(async () => {
    await sql`CREATE TABLE probe (id text PRIMARY KEY, size bigint, at timestamptz, day date, json jsonb, tags text[])`.execute(
      database.kysely,
    )
  })

  test('gives columns the same JavaScript types', async () => {
    await database.query({ name: 'probe-insert', text: 'INSERT INTO probe VALUES ($1, $2, $3, $4, $5, $6)' }, [
      'types',
      42,
      new Date('2026-03-04T05:06:07.089Z'),
      '2026-03-04',
      JSON.stringify({ 名: ['字', null, 1.5] }),
      ['a', '二'],
    ])
    const rows = await database.query(
      { name: 'probe-types', text: 'SELECT *, 9007199254740993 AS huge FROM probe' },
      [],
    )
    expect(rows).toEqual([
      {
        id: 'types',
        size: 42,
        at: new Date('2026-03-04T05:06:07.089Z'),
        day: '2026-03-04',
        json: { 名: ['字', null, 1.5] },
        tags: ['a', '二'],
        huge: '9007199254740993',
      },
    ])
    const counted = await sql<{ count: number }>`SELECT count(*) FROM probe`.execute(database.kysely)
    expect(counted.rows).toEqual([{ count: 1 }])
  })

  test('carries text and JSON of every kind and a megabyte of it', async () => {
    const text = '汉字 🎉 \\ \' " \n\t'.repeat(60_000)
    const rows = await database.query({ name: 'echo', text: 'SELECT $1::text AS text, $2::jsonb AS json' }, [
      text,
      JSON.stringify([text]),
    ])
    expect(rows).toEqual([{ text, json: [text] }])
  })

  test('counts changed rows', async () => {
    await database.kysely
      .insertInto('users')
      .values([toUser('count-1'), toUser('count-2')])
      .execute()
    const updated = await database.kysely
      .updateTable('users')
      .set({ name: 'Bo' })
      .where('id', 'like', 'count-%')
      .executeTakeFirst()
    expect(updated.numUpdatedRows).toBe(2n)
  })

  test("passes on the server's error with code and constraint, and goes on working", async () => {
    await database.kysely.insertInto('users').values(toUser('twice')).execute()
    const again = database.kysely.insertInto('users').values(toUser('twice')).execute()
    await expect(again).rejects.toMatchObject({ code: '23505', constraint: 'users_pkey', table: 'users' })
    expect(findViolatedUnique(await again.catch((error: unknown) => error))).toBe('users_pkey')
    await expect(database.query({ name: 'wrong', text: 'SELEC 1' }, [])).rejects.toMatchObject({ code: '42601' })
    await expect(database.query({ name: 'wrong-2', text: 'SELECT * FROM nowhere' }, [])).rejects.toMatchObject({
      code: '42P01',
    })
    expect(await database.ping(5000)).toBe(true)
  })

  test('keeps errors and answers apart when statements go out together', async () => {
    const statement = { name: 'divide', text: 'SELECT 100 / $1::int AS result' }
    const settled = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => database.query<{ result: number }>(statement, [index % 5])),
    )
    settled.forEach((outcome, index) => {
      if (index % 5 === 0) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: '22012' } })
      else expect(outcome).toEqual({ status: 'fulfilled', value: [{ result: Math.trunc(100 / (index % 5)) }] })
    })
  })

  test('commits a transaction as a whole', async () => {
    const result = await database.transaction(async (trx) => {
      await trx.insertInto('users').values(toUser('commit-1')).execute()
      await trx.insertInto('users').values(toUser('commit-2')).execute()
      return 'done'
    })
    expect(result).toBe('done')
    const rows = await database.kysely.selectFrom('users').select('id').where('id', 'like', 'commit-%').execute()
    expect(rows).toHaveLength(2)
  })

  test('rolls a failed transaction back and lets its error through', async () => {
    const failed = database.transaction(async (trx) => {
      await trx.insertInto('users').values(toUser('rollback')).execute()
      throw new AppError('conflict')
    })
    await expect(failed).rejects.toMatchObject({ code: 'conflict' })
    const row = await database.kysely.selectFrom('users').select('id').where('id', '=', 'rollback').executeTakeFirst()
    expect(row).toBeUndefined()
  })

  test('does not call a transaction done whose failure was swallowed inside', async () => {
    const swallowed = database.transaction(async (trx) => {
      await trx.insertInto('users').values(toUser('swallow')).execute()
      await trx
        .insertInto('users')
        .values(toUser('swallow'))
        .execute()
        .catch(() => undefined)
    })
    await expect(swallowed).rejects.toThrow('rolled back')
  })

  test('refuses the database inside a transaction, and allows it again afterwards', async () => {
    const statement = { name: 'one', text: 'SELECT 1 AS one' }
    for (const misuse of [
      () => database.query(statement, []),
      () => database.kysely.selectFrom('users').select('id').execute(),
      () => database.transaction(async () => undefined),
    ]) {
      await expect(database.transaction(() => misuse())).rejects.toThrow('only its own handle')
    }
    let afterwards: (() => Promise<unknown>) | undefined
    await database.transaction(async () => {
      afterwards = () => database.query(statement, [])
      await Promise.resolve()
    })
    expect(await afterwards?.()).toEqual([{ one: 1 }])
  })

  test('refuses a transaction on the shared handle', async () => {
    const misuse = database.kysely.transaction().execute((trx) => trx.selectFrom('users').select('id').execute())
    await expect(misuse).rejects.toThrow('database.transaction()')
  })

  test('runs many transactions and statements at once', async () => {
    await sql`CREATE TABLE counters (id int PRIMARY KEY, value int NOT NULL)`.execute(database.kysely)
    await sql`INSERT INTO counters VALUES (1, 0)`.execute(database.kysely)
    const increment = { name: 'counter-add', text: 'UPDATE counters SET value = value + 1 WHERE id = $1' }
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        if (index % 2 === 0) return database.query(increment, [1], { priority: 'write' })
        return database.transaction(async (trx) => {
          await sql`UPDATE counters SET value = value + 1 WHERE id = 1`.execute(trx)
        })
      }),
    )
    expect(await database.query({ name: 'counter', text: 'SELECT value FROM counters' }, [])).toEqual([{ value: 40 }])
    expect(database.queueAgeMs()).toBe(0)
  })

  test('finds Chinese by trigram', async () => {
    const result = await sql<{ trigrams: string[] }>`SELECT show_trgm('你好世界') AS trigrams`.execute(database.kysely)
    expect(result.rows[0]?.trigrams.length).toBeGreaterThan(3)
  })

  test('answers a ping while transactions hold all connections only where ping has one of its own', async () => {
    expect(await database.ping(5000)).toBe(true)
    const held = createGate()
    const begun: Promise<void>[] = []
    const transactions = Array.from({ length: engine === 'pglite' ? 1 : POOL_MAX }, () => {
      const started = createGate()
      begun.push(started.passed)
      return database.transaction(async () => {
        started.open()
        await held.passed
      })
    })
    await Promise.all(begun)
    expect(await database.ping(200)).toBe(engine === 'postgres')
    held.open()
    await Promise.all(transactions)
  })
})

test('PGlite lets writes go before reads that have been waiting longer, and tells how long', async () => {
  const [, { database }] = opened[0] ?? expect.fail('no PGlite')
  const held = createGate()
  const started = createGate()
  const transaction = database.transaction(async () => {
    started.open()
    await held.passed
  })
  await started.passed
  const order: string[] = []
  const send = (name: string, priority: 'write' | 'read') =>
    database.query({ name: 'order', text: 'SELECT 1' }, [], { priority }).then(() => order.push(name))
  const sent = [send('read-1', 'read'), send('read-2', 'read'), send('write-1', 'write'), send('write-2', 'write')]
  expect(database.queueAgeMs()).toBeGreaterThan(0)
  held.open()
  await Promise.all([transaction, ...sent])
  expect(order).toEqual(['write-1', 'write-2', 'read-1', 'read-2'])
})
