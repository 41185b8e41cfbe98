import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApp, type SignedIn, type TestApp } from '../../support/open-test-app.ts'
import { seedMessage, seedSession } from '../../support/seed-chat.ts'

let app: TestApp
let person: SignedIn

beforeAll(async () => {
  app = await openTestApp()
  person = await app.signIn()
  const own = { userId: person.userId, sessionId: 'chat' }
  await seedSession(app.database, { userId: person.userId, id: 'chat', title: '部署 "plan"', activeLeafId: 'a1' })
  await seedMessage(app.database, {
    ...own,
    id: 'q',
    text: '怎么部署？',
    createdAt: '2026-01-01T00:00:00Z',
    parts: [
      { type: 'text', id: 't1', text: '怎么部署？' },
      { type: 'file', id: 'f1', mediaType: 'image/png', name: 'plan.png', url: '/api/uploads/f1' },
    ],
  })
  await seedMessage(app.database, {
    ...own,
    id: 'a1',
    parentId: 'q',
    role: 'assistant',
    agentName: 'Helper',
    createdAt: '2026-01-01T00:00:01Z',
    delivery: { state: 'stopped' },
    parts: [
      { type: 'text', id: 't1', text: 'withdrawn', isSuperseded: true },
      { type: 'text', id: 't2', text: 'Use **Docker**.' },
      { type: 'source', id: 's1', title: 'Guide', url: 'https://example.com/a b' },
    ],
  })
  await seedMessage(app.database, {
    ...own,
    id: 'a2',
    parentId: 'q',
    role: 'assistant',
    text: 'other branch',
    createdAt: '2026-01-01T00:00:02Z',
  })
})
afterAll(() => app.close())

test('Markdown: the branch its reader sees', async () => {
  const reply = await person.client.request('/api/chat/sessions/chat/export?format=md')
  expect(reply.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
  expect(reply.headers.get('content-disposition')).toBe(
    `attachment; filename="_ _plan_.md"; filename*=UTF-8''%E9%83%A8%E7%BD%B2%20_plan_.md`,
  )
  expect(reply.text).toBe(
    [
      '# 部署 "plan"',
      '## User · 2026-01-01T00:00:00.000Z',
      '怎么部署？',
      '- [plan.png](</api/uploads/f1>)',
      '## Helper · 2026-01-01T00:00:01.000Z',
      'Use **Docker**.',
      '- [Guide](<https://example.com/a b>)',
      '> (stopped)',
    ].join('\n\n') + '\n',
  )
})

test('JSON: the branch, or the whole tree', async () => {
  const branch = await person.client.request('/api/chat/sessions/chat/export?format=json')
  expect(branch.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(branch.json()).toMatchObject({ session: { id: 'chat' }, messages: [{ id: 'q' }, { id: 'a1' }] })
  const tree = await person.client.request('/api/chat/sessions/chat/export?format=json&scope=tree')
  expect(tree.json()).toMatchObject({ messages: [{ id: 'q' }, { id: 'a1' }, { id: 'a2' }] })
})

test('an unknown format and a tree as Markdown are refused', async () => {
  expect((await person.client.request('/api/chat/sessions/chat/export?format=pdf')).status).toBe(400)
  expect((await person.client.request('/api/chat/sessions/chat/export?format=md&scope=tree')).status).toBe(400)
})
