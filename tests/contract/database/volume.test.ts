import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { searchMessages } from '../../../backend/src/chat/search-messages.ts'
import { explainStatement } from '../../bench/database/explain-statement.ts'
import { measureVolume, type Measured, type VolumeReport } from '../../bench/database/measure-volume.ts'
import { recordStatement } from '../../bench/database/record-statement.ts'
import { openTestPostgres } from '../../support/open-postgres.ts'

/** A hundredth of `npm run bench:database`. */
const volume = { messages: 20_000, sessions: 1000, users: 50 }
const bigTables = ['chat_messages', 'chat_sessions', 'generations']

const postgres = await openTestPostgres({ isEmpty: true })
let report: VolumeReport

/** Has more messages than all others together, a page of 8 KB for about every fourth. */
const talker = 'user-2'
const MESSAGES_OF_TALKER = 30_000

async function addTalker(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    `INSERT INTO chat_messages (user_id, id, session_id, role, body, created_at)
    SELECT s.user_id, 'talk-' || n, s.id, 'user', '数据库 Invoice 合同 ' || n || repeat(' ' || md5(n::text), 55), now() + n * interval '1 second'
    FROM generate_series(1, $2::int) n, (SELECT user_id, id FROM chat_sessions WHERE user_id = $1 LIMIT 1) s`,
    [talker, MESSAGES_OF_TALKER],
  )
  // Scattered among everybody's, as what is written over a year is.
  await client.query('CREATE INDEX scattered ON chat_messages (md5(id))')
  await client.query('CLUSTER chat_messages USING scattered')
  await client.query('DROP INDEX scattered')
  await client.query('VACUUM ANALYZE chat_messages')
  await client.end()
}

beforeAll(async () => {
  if (postgres === null) return
  report = await measureVolume(postgres.url, volume, () => undefined)
  await addTalker(postgres.url)
})
afterAll(() => postgres?.close())

function listScanned(measured: readonly Measured[], when: 'before' | 'after'): string[] {
  return measured
    .filter((each) => each[when].scanned.some((table) => bigTables.includes(table)))
    .map((each) => each.name)
}

// The figures that count are pages touched: they are the same on a busy machine.
describe.each(postgres === null ? [] : ['PostgreSQL'])('a hundredth of the volume on %s', () => {
  test('no hot statement reads a big table from end to end, and without the indexes some do', () => {
    expect(report.hot.length).toBeGreaterThan(20)
    expect(listScanned(report.hot, 'after')).toEqual([])
    expect(listScanned(report.hot, 'before')).toContain('orphans')
  })

  test('what the document promises an index for is answered by one', () => {
    const without = report.promised.filter((each) => each.after.indexes.length === 0).map((each) => each.name)
    expect(without).toEqual([])
    expect(listScanned(report.promised, 'after')).toEqual([])
    expect(listScanned(report.promised, 'before')).toEqual(
      expect.arrayContaining(['chat_messages (session_id, created_at ASC)', 'trigrams']),
    )
    const ordered = report.promised.find((each) => each.name.startsWith('chat_messages (session_id'))
    expect(ordered?.after.indexes).toEqual(['chat_messages_by_session'])
  })

  test.each(['sessions', 'messages'] as const)('a page of %s costs the same at any depth', (list) => {
    const pages = report.hot.filter((each) => each.list === list)
    const [first, ...deeper] = pages.map((page) => page.after.blocks)
    expect(deeper).toHaveLength(2)
    for (const blocks of deeper) expect(blocks).toBeLessThanOrEqual((first ?? 0) * 1.3 + 20)
  })

  test.each([
    ['search: rare, zh', 'chat_messages_body_trgm'],
    ['search: rare, en', 'chat_messages_body_trgm'],
    ['open logs', 'generations_open_log'],
    ['orphans', 'generations_running'],
    ['sessions: deep page', 'chat_sessions_list'],
    ['messages: deep page', 'chat_messages_by_session'],
  ])('%s goes by %s', (name, index) => {
    expect(report.hot.find((each) => each.name === name)?.after.indexes).toContain(index)
  })

  // The settled plan takes everybody for average, and the average here is fewer messages than a search reads through.
  test.each([
    ['数据库 0', 2000],
    ['Invoice', 2000],
    ['invoice 数据库', 2000],
    ['合同', 10_000],
  ])('a search for %s touches no more than the newest %i messages of the person with most', async (query, most) => {
    const client = new pg.Client({ connectionString: postgres?.url })
    await client.connect()
    try {
      const recorded = await recordStatement((database) => searchMessages({ database }, talker, query))
      const { blocks } = await explainStatement(client, recorded, { isSettled: true })
      // A page for each, and a few of the indexes.
      expect(blocks).toBeLessThan(most * 1.25)
    } finally {
      await client.end()
    }
  })
})
