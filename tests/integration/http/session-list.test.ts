import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChatSessionPage } from '../../../packages/protocol/src/api/chat-schema.ts'
import type { HttpClient } from '../../support/create-http-client.ts'
import { openTestApp, type SignedIn, type TestApp } from '../../support/open-test-app.ts'
import { seedGeneration, seedMessage, seedSession } from '../../support/seed-chat.ts'

let app: TestApp

beforeAll(async () => {
  app = await openTestApp()
})
afterAll(() => app.close())

async function listPage(client: HttpClient, query: string): Promise<ChatSessionPage> {
  const reply = await client.request(`/api/chat/sessions?${query}`)
  expect(reply.status).toBe(200)
  return reply.json() as ChatSessionPage
}

async function listAll(person: SignedIn, limit: number, betweenPages: (page: number) => Promise<void>) {
  const ids: string[] = []
  let cursor: string | null = ''
  for (let page = 0; cursor !== null; page += 1) {
    const found: ChatSessionPage = await listPage(person.client, `limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`)
    ids.push(...found.sessions.map((session) => session.id))
    cursor = found.nextCursor
    await betweenPages(page)
  }
  return ids
}

test('pages are complete, in order, without gap or double while new chats come in', async () => {
  const person = await app.signIn()
  const { userId } = person
  // Equal times, times a microsecond apart and pinned chats: whatever a careless cursor would trip over.
  for (let index = 0; index < 23; index += 1) {
    const micros = String(Math.floor(index / 3)).padStart(6, '0')
    const id = `s${String(index).padStart(2, '0')}`
    await seedSession(app.database, {
      userId,
      id,
      updatedAt: `2026-01-01T00:00:00.${micros}Z`,
      isPinned: index % 10 === 0,
    })
  }
  const ids = await listAll(person, 4, async (page) => {
    await seedSession(app.database, { userId, id: `new${page}`, updatedAt: `2026-02-01T00:00:0${page}Z` })
  })
  const seeded = ids.filter((id) => id.startsWith('s'))
  expect(seeded.slice(0, 3)).toEqual(['s20', 's10', 's00'])
  expect(seeded.slice(3)).toEqual([...seeded.slice(3)].sort().reverse())
  expect(new Set(seeded).size).toBe(23)
  expect(seeded).toHaveLength(23)
  expect(new Set(ids).size).toBe(ids.length)
})

test('a page that ends exactly at the last chat has no next one', async () => {
  const { client, userId } = await app.signIn()
  for (const id of ['a', 'b']) await seedSession(app.database, { userId, id })
  expect((await listPage(client, 'limit=2')).nextCursor).toBeNull()
  expect((await listPage(client, 'limit=1')).nextCursor).not.toBeNull()
})

test('archived chats are listed apart', async () => {
  const { client, userId } = await app.signIn()
  await seedSession(app.database, { userId, id: 'here' })
  await seedSession(app.database, { userId, id: 'away', isArchived: true })
  expect((await listPage(client, '')).sessions.map((session) => session.id)).toEqual(['here'])
  expect((await listPage(client, 'archived=true')).sessions.map((session) => session.id)).toEqual(['away'])
})

test('the state says whether an answer runs or waits to be read', async () => {
  const { client, userId } = await app.signIn()
  const lastReadAt = '2026-01-01T00:00:00Z'
  const lastAnswerAt = '2026-01-01T00:00:01Z'
  await seedSession(app.database, { userId, id: 'idle', lastReadAt: lastAnswerAt, lastAnswerAt: lastReadAt })
  await seedSession(app.database, { userId, id: 'unread', lastReadAt, lastAnswerAt })
  await seedSession(app.database, { userId, id: 'running', lastReadAt, lastAnswerAt })
  await seedMessage(app.database, {
    userId,
    sessionId: 'running',
    id: 'm',
    role: 'assistant',
    generationId: `g-${userId}`,
  })
  await seedGeneration(app.database, { userId, sessionId: 'running', messageId: 'm', id: `g-${userId}` })
  const { sessions } = await listPage(client, '')
  expect(Object.fromEntries(sessions.map((session) => [session.id, session.state]))).toEqual({
    idle: 'idle',
    unread: 'unread',
    running: 'running',
  })
})

test.each(['x', 'WzAsImEiLCJiIl0', '%00'])('cursor %j is refused', async (cursor) => {
  const { client } = await app.signIn()
  const reply = await client.request(`/api/chat/sessions?cursor=${cursor}`)
  expect(reply.status).toBe(400)
  expect(reply.json()).toMatchObject({ error: { code: 'invalid_request' } })
})

test("another person's chats are neither listed nor found by their id", async () => {
  const owner = await app.signIn()
  const other = await app.signIn()
  await seedSession(app.database, { userId: owner.userId, id: 'secret' })
  expect((await listPage(other.client, '')).sessions).toEqual([])
  const attempts = [
    other.client.request('/api/chat/sessions/secret'),
    other.client.request('/api/chat/sessions/secret/messages'),
    other.client.request('/api/chat/sessions/secret/export?format=md'),
    other.client.request('/api/chat/sessions/secret', { method: 'PATCH', body: { title: 'mine' } }),
    other.client.request('/api/chat/sessions/secret', { method: 'DELETE' }),
  ]
  for (const reply of await Promise.all(attempts)) {
    expect(reply.status).toBe(404)
    expect(reply.json()).toMatchObject({ error: { code: 'chat_session_not_found' } })
  }
  const mine = await owner.client.request('/api/chat/sessions/secret')
  expect(mine.json()).toMatchObject({ id: 'secret', title: 'secret' })
})
