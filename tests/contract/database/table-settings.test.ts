import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { writeAccepted } from '../../../backend/src/chat/write-accepted.ts'
import type { Database } from '../../../backend/src/db/database.ts'
import { saveCheckpoints } from '../../../backend/src/generation/generation-repository.ts'
import { seedSession } from '../../support/seed-chat.ts'
import { openTestDatabase } from '../../support/open-test-database.ts'

const opened = await openTestDatabase('postgres')
afterAll(() => opened?.close())

interface Options {
  name: string
  options: string[]
}

const hotTables = ['chat_messages', 'chat_sessions', 'generations', 'instances', 'login_sessions']
const UPDATES = 40

async function listOptions(database: Database): Promise<Map<string, string>> {
  const found = await sql<Options>`
    SELECT c.relname AS name, c.reloptions || coalesce((SELECT array_agg('toast.' || o) FROM unnest(t.reloptions) o), '{}') AS options
    FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
    WHERE c.relname = ANY (${hotTables}) ORDER BY 1`.execute(database.kysely)
  return new Map(found.rows.map((row) => [row.name, row.options.join(' ')]))
}

/** Statistics come from other backends' reports, a moment after the fact. */
async function countUpdates(database: Database, table: string): Promise<{ all: number; hot: number }> {
  const found = await sql<{ all: number; hot: number }>`
    SELECT n_tup_upd AS "all", n_tup_hot_upd AS hot FROM pg_stat_user_tables WHERE relname = ${table}`.execute(
    database.kysely,
  )
  const [row] = found.rows
  if (row === undefined) throw new Error(`no statistics of ${table}`)
  return row
}

async function seed(database: Database): Promise<void> {
  const user = { id: 'user', email: 'user@example.com', name: 'Ann', password_hash: 'x', role: 'member' as const }
  await database.kysely.insertInto('users').values(user).execute()
  const soon = new Date(Date.now() + 86_400_000)
  const login = { id: 'login', user_id: 'user', token_hash: 'hash', idle_expires_at: soon, expires_at: soon }
  await database.kysely.insertInto('login_sessions').values(login).execute()
  await database.kysely.insertInto('instances').values({ id: 'instance', version: '0.0.0' }).execute()
  await seedSession(database, { userId: 'user', id: 'read' })
  for (const name of ['a', 'b', 'c']) {
    await writeAccepted(
      { database },
      {
        userId: 'user',
        sessionId: name,
        agent: { id: 'agent', name: 'Agent' },
        question: { id: `question-${name}`, text: 'why', files: [], parentId: null },
        answerId: `answer-${name}`,
        answerParentId: `question-${name}`,
        generationId: `generation-${name}`,
        ownerInstance: 'instance',
        expectedLeafId: null,
      },
    )
  }
}

/** What is done most often to each table, as the product does it. */
const frequentUpdates: Record<string, (database: Database, round: number) => Promise<unknown>> = {
  generations: (database, round) =>
    saveCheckpoints(
      { database },
      ['a', 'b', 'c'].map((name) => ({
        generationId: `generation-${name}`,
        fence: 1,
        seq: round,
        message: { parts: [{ type: 'text', id: 't1', text: 'word '.repeat(round * 20) }] } as never,
        upstream: {},
      })),
    ),
  instances: (database) =>
    database.query({ name: 'beat', text: 'UPDATE instances SET heartbeat_at = now() WHERE id = $1' }, ['instance']),
  login_sessions: (database) =>
    database.kysely
      .updateTable('login_sessions')
      .set({ last_seen_at: new Date(), idle_expires_at: new Date(Date.now() + 86_400_000) })
      .where('id', '=', 'login')
      .execute(),
  chat_sessions: (database) =>
    database.kysely
      .updateTable('chat_sessions')
      .set({ last_read_at: new Date() })
      .where('user_id', '=', 'user')
      .where('id', '=', 'read')
      .execute(),
}

describe.each(opened === null ? [] : [['PostgreSQL', opened.database] as const])(
  'tables on %s',
  (_engine, database) => {
    test('say for themselves when they are vacuumed, and leave room where rows are updated in place', async () => {
      const options = await listOptions(database)
      expect([...options.keys()]).toEqual(hotTables)
      for (const [, text] of options) expect(text).toMatch(/autovacuum_vacuum_scale_factor=0(\.0[125])?( |$)/)
      expect(options.get('generations')).toMatch(/fillfactor=70.*toast\.autovacuum_vacuum_scale_factor=0\.05/)
      expect(options.get('chat_messages')).toContain('autovacuum_vacuum_insert_scale_factor=0.01')
      expect(options.get('chat_sessions')).toContain('fillfactor=85')
      expect(options.get('instances')).toContain('fillfactor=30')
      expect(options.get('login_sessions')).toContain('fillfactor=80')
    })

    test('take the frequent updates without a new index entry (HOT)', async () => {
      await seed(database)
      // Autovacuum's ANALYZE holds a snapshot, for which every version of a row must stay where it is.
      for (const table of Object.keys(frequentUpdates))
        await sql`ALTER TABLE ${sql.table(table)} SET (autovacuum_enabled = false)`.execute(database.kysely)
      for (const [table, update] of Object.entries(frequentUpdates)) {
        for (let round = 1; round <= UPDATES; round += 1) await update(database, round)
        const expected = UPDATES * (table === 'generations' ? 3 : 1)
        await expect
          .poll(async () => (await countUpdates(database, table)).all, { timeout: 15_000, message: table })
          .toBe(expected)
        // Now and then a row that has grown moves to another page.
        expect((await countUpdates(database, table)).hot, table).toBeGreaterThanOrEqual(expected * 0.95)
      }
    })

    test('and moving a chat to the top is not one of them, for it is ordered by that', async () => {
      const before = await countUpdates(database, 'chat_sessions')
      await database.kysely
        .updateTable('chat_sessions')
        .set({ updated_at: new Date() })
        .where('id', '=', 'read')
        .execute()
      await expect
        .poll(() => countUpdates(database, 'chat_sessions'), { timeout: 15_000 })
        .toEqual({ all: before.all + 1, hot: before.hot })
    })
  },
)
