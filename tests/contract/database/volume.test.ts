import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { measureVolume, type Measured, type VolumeReport } from '../../bench/database/measure-volume.ts'
import { openTestPostgres } from '../../support/open-postgres.ts'

/** A hundredth of `npm run bench:database`. */
const volume = { messages: 20_000, sessions: 1000, users: 50 }
const bigTables = ['chat_messages', 'chat_sessions', 'generations']

const postgres = await openTestPostgres({ isEmpty: true })
let report: VolumeReport

beforeAll(async () => {
  if (postgres !== null) report = await measureVolume(postgres.url, volume, () => undefined)
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
})
