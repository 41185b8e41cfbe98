import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { searchMessages } from '../../../backend/src/chat/search-messages.ts'
import { explainStatement } from '../../bench/database/explain-statement.ts'
import { listBroken } from '../../bench/database/list-broken.ts'
import { measureVolume, type Measured, type VolumeReport } from '../../bench/database/measure-volume.ts'
import { recordStatement } from '../../bench/database/record-statement.ts'
import { openTestPostgres } from '../../support/open-postgres.ts'

/** A hundredth of `npm run bench:database`. */
const volume = { messages: 20_000, sessions: 1000, users: 50 }

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

/** As if the indexes had not been made. */
function withoutIndexes({ hot, promised }: VolumeReport): Pick<VolumeReport, 'hot' | 'promised'> {
  const take = (each: Measured): Measured => ({ ...each, after: each.before })
  return { hot: hot.map(take), promised: promised.map(take) }
}

// The figures that count are pages touched: they are the same on a busy machine.
describe.each(postgres === null ? [] : ['PostgreSQL'])('a hundredth of the volume on %s', () => {
  test('every promise about the volume holds, and without the indexes some do not', () => {
    expect(report.hot.length).toBeGreaterThan(20)
    for (const list of ['sessions', 'messages']) {
      expect(report.hot.filter((each) => each.list === list)).toHaveLength(3)
    }
    expect(listBroken(report)).toEqual([])
    expect(listBroken(withoutIndexes(report))).toEqual(
      expect.arrayContaining([
        'orphans reads a big table from end to end',
        'chat_messages (session_id, created_at ASC) reads a big table from end to end',
        'trigrams reads a big table from end to end',
        'chat_messages (session_id, created_at ASC) goes by no index',
      ]),
    )
  })

  test('a page that costs more the deeper it lies is told', () => {
    const dearer = ({ after, ...page }: Measured): Measured => ({
      ...page,
      after: page.name === 'messages: deep page' ? { ...after, blocks: 100_000 } : after,
    })
    expect(listBroken({ ...report, hot: report.hot.map(dearer) })).toEqual([
      expect.stringContaining('messages: deep page costs more than the first'),
    ])
  })

  test('the promised order of messages goes by its index', () => {
    const ordered = report.promised.find((each) => each.name.startsWith('chat_messages (session_id'))
    expect(ordered?.after.indexes).toEqual(['chat_messages_by_session'])
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
