import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { searchMessages } from '../../../backend/src/chat/search-messages.ts'
import type { Database } from '../../../backend/src/db/database.ts'
import { seedSession } from '../../support/seed-chat.ts'
import { openTestDatabase, type Engine } from '../../support/open-test-database.ts'

const opened: [Engine, Database][] = []
const closers: (() => Promise<void>)[] = []
for (const engine of ['pglite', 'postgres'] as const) {
  const store = await openTestDatabase(engine)
  if (store === null) continue
  opened.push([engine, store.database])
  closers.push(() => store.close())
}
afterAll(async () => {
  for (const close of closers) await close()
})

/** More than the newest ones that are read through. */
const COUNT = 2600

// Message 1 is the oldest. All at one moment in groups of ten: the order must not depend on times being different.
describe.each(opened)('searching many messages on %s', (_engine, database) => {
  beforeAll(async () => {
    for (const id of ['ann', 'bob']) {
      const user = { id, email: `${id}@example.com`, name: id, password_hash: 'x', role: 'member' as const }
      await database.kysely.insertInto('users').values(user).execute()
      await seedSession(database, { userId: id, id: `chat-${id}` })
      await sql`
        INSERT INTO chat_messages (user_id, id, session_id, role, body, created_at)
        SELECT ${id}, ${id} || '-' || n, 'chat-' || ${id}, 'user',
          '数据库 Invoice ' || n || CASE n WHEN 1 THEN ' 北斗七星 Zeppelin Договор' WHEN 599 THEN ' 中间' WHEN 600 THEN ' 边界词语'
            WHEN 601 THEN ' 边界词语' WHEN 2000 THEN ' 北斗七星' ELSE '' END,
          timestamptz '2026-01-01' + (n / 10) * interval '1 minute'
        FROM generate_series(1, ${sql.lit(COUNT)}) n`.execute(database.kysely)
    }
  })

  async function search(query: string, limit = 500): Promise<(string | null)[]> {
    const { hits } = await searchMessages({ database }, 'ann', query, limit)
    return hits.map((hit) => hit.messageId)
  }

  test('finds a rare word in old and new ones alike, each once', async () => {
    expect((await search('北斗七星')).sort()).toEqual(['ann-1', 'ann-2000'])
    expect((await search('边界词语')).sort()).toEqual(['ann-600', 'ann-601'])
    expect(await search('zeppelin INVOICE')).toEqual(['ann-1'])
    expect(await search('ДОГОВОР invoice')).toEqual(['ann-1'])
  })

  test('finds the newest of what is everywhere, and no more than it ranks', async () => {
    for (const query of ['数据库', 'invoice', '数据']) {
      const found = await search(query)
      expect(found).toHaveLength(200)
      const oldest = Math.min(...found.map((id) => Number(id?.split('-')[1])))
      // Those of one moment are ordered by id.
      expect(oldest).toBeGreaterThanOrEqual(COUNT - 210)
    }
  })

  test('finds two characters in the newest ten thousand', async () => {
    expect(await search('中间')).toEqual(['ann-599'])
  })
})
