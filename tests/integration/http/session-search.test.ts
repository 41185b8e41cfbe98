import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SearchResponse } from '../../../packages/protocol/src/api/chat-schema.ts'
import { openTestApp, type SignedIn, type TestApp } from '../../support/open-test-app.ts'
import { seedMessage, seedSession } from '../../support/seed-chat.ts'

let app: TestApp
let person: SignedIn

const texts = {
  zh: '生产环境的部署步骤：先备份数据库，再滚动升级。',
  en: 'How do I deploy the Docker image behind nginx?',
  percent: 'CPU at 100% for an hour',
  plain: 'CPU at 1000 for an hour',
  part: 'the categories of a catalogue',
  word: 'the cat sat',
  emoji: '🚀🚀 发布 release',
}

beforeAll(async () => {
  app = await openTestApp()
  person = await app.signIn()
  const { userId } = person
  await seedSession(app.database, { userId, id: 'chat', title: '部署与 Kubernetes' })
  for (const [id, text] of Object.entries(texts)) {
    await seedMessage(app.database, { userId, sessionId: 'chat', id, text, createdAt: '2026-01-01T00:00:00Z' })
  }
  const other = await app.signIn()
  await seedSession(app.database, { userId: other.userId, id: 'chat', title: '部署 foreign' })
  await seedMessage(app.database, { userId: other.userId, sessionId: 'chat', id: 'x', text: 'Docker 部署 foreign' })
})
afterAll(() => app.close())

async function search(query: string): Promise<SearchResponse['hits']> {
  const reply = await person.client.request(`/api/chat/sessions/search?q=${encodeURIComponent(query)}`)
  expect(reply.status).toBe(200)
  return (reply.json() as SearchResponse).hits
}

function toMarked(hit: SearchResponse['hits'][number] | undefined): string[] {
  return hit?.ranges.map(([start, end]) => hit.snippet.slice(start, end)) ?? []
}

test.each([
  ['docker', ['en'], 'Docker'],
  ['滚动升级', ['zh'], '滚动升级'],
  ['升级', ['zh'], '升级'],
  ['备', ['zh'], '备'],
  ['发布', ['emoji'], '发布'],
  ['nginx DOCKER', ['en'], 'Docker'],
])('%j finds %j', async (query, ids, marked) => {
  const hits = await search(query)
  expect(hits.map((hit) => hit.messageId)).toEqual(ids)
  expect(toMarked(hits[0])).toContain(marked)
})

test('a title is a hit without a message', async () => {
  const hits = await search('kubernetes')
  expect(hits).toHaveLength(1)
  expect(hits[0]).toMatchObject({ sessionId: 'chat', messageId: null, snippet: '部署与 Kubernetes', ranges: [[4, 14]] })
})

test('two characters find titles and messages of mine, and none of somebody else', async () => {
  const hits = await search('部署')
  expect(hits.map((hit) => hit.messageId)).toEqual([null, 'zh'])
})

test('wildcards are text', async () => {
  expect((await search('100%')).map((hit) => hit.messageId)).toEqual(['percent'])
  expect(await search('100_')).toEqual([])
  expect(await search('%')).toHaveLength(1)
  expect(await search('\\')).toEqual([])
})

test('a whole word ranks over a part of one', async () => {
  expect((await search('cat')).map((hit) => hit.messageId)).toEqual(['word', 'part'])
})

test('all words must occur', async () => {
  expect(await search('docker kubernetes')).toEqual([])
})

test('white space alone finds nothing, an empty query is refused', async () => {
  expect(await search('  ')).toEqual([])
  expect((await person.client.request('/api/chat/sessions/search?q=')).status).toBe(400)
})
