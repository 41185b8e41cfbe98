import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApp, type TestApp } from '../../support/open-test-app.ts'
import { seedGeneration, seedMessage, seedSession } from '../../support/seed-chat.ts'

let app: TestApp
const forwarded: unknown[] = []

beforeAll(async () => {
  app = await openTestApp({ forwardFeedback: (...feedback) => void forwarded.push(feedback) })
})
afterAll(() => app.close())

test('renaming, pinning and archiving change what is named and leave the order of the list alone', async () => {
  const { client, userId } = await app.signIn()
  const updatedAt = '2026-01-01T00:00:00.000Z'
  await seedSession(app.database, { userId, id: 'chat', updatedAt })
  const renamed = await client.request('/api/chat/sessions/chat', { method: 'PATCH', body: { title: '新名字 🎈' } })
  expect(renamed.json()).toMatchObject({ title: '新名字 🎈', isPinned: false, isArchived: false, updatedAt })
  const archived = await client.request('/api/chat/sessions/chat', {
    method: 'PATCH',
    body: { isPinned: true, isArchived: true },
  })
  expect(archived.json()).toMatchObject({ title: '新名字 🎈', isPinned: true, isArchived: true, updatedAt })
})

test('reading an answer clears unread', async () => {
  const { client, userId } = await app.signIn()
  const times = { lastReadAt: '2026-01-01T00:00:00Z', lastAnswerAt: '2026-01-02T00:00:00Z' }
  await seedSession(app.database, { userId, id: 'chat', ...times })
  expect((await client.request('/api/chat/sessions/chat')).json()).toMatchObject({ state: 'unread' })
  const read = await client.request('/api/chat/sessions/chat', { method: 'PATCH', body: { isRead: true } })
  expect(read.json()).toMatchObject({ state: 'idle' })
})

test('the active leaf must be a message of this chat', async () => {
  const { client, userId } = await app.signIn()
  for (const id of ['one', 'two']) await seedSession(app.database, { userId, id })
  await seedMessage(app.database, { userId, sessionId: 'two', id: 'leaf' })
  const foreign = await client.request('/api/chat/sessions/one', { method: 'PATCH', body: { activeLeafId: 'leaf' } })
  expect(foreign.json()).toMatchObject({ error: { code: 'message_not_found' } })
  const own = await client.request('/api/chat/sessions/two', { method: 'PATCH', body: { activeLeafId: 'leaf' } })
  expect(own.json()).toMatchObject({ activeLeafId: 'leaf' })
})

test('an agent nobody knows is refused', async () => {
  const { client, userId } = await app.signIn()
  await seedSession(app.database, { userId, id: 'chat' })
  const reply = await client.request('/api/chat/sessions/chat', { method: 'PATCH', body: { agentId: 'nobody' } })
  expect(reply.status).toBe(404)
  expect(reply.json()).toMatchObject({ error: { code: 'agent_not_found' } })
})

test('deleting takes the messages along, once', async () => {
  const { client, userId } = await app.signIn()
  await seedSession(app.database, { userId, id: 'chat' })
  await seedMessage(app.database, {
    userId,
    sessionId: 'chat',
    id: 'm',
    role: 'assistant',
    generationId: `g-${userId}`,
  })
  await seedGeneration(app.database, { userId, sessionId: 'chat', messageId: 'm', id: `g-${userId}` })
  expect((await client.request('/api/chat/sessions/chat', { method: 'DELETE' })).status).toBe(204)
  expect((await client.request('/api/chat/sessions/chat', { method: 'DELETE' })).status).toBe(404)
  const left = await app.database.kysely.selectFrom('chat_messages').where('user_id', '=', userId).selectAll().execute()
  expect(left).toEqual([])
})

test('feedback is stored, shown, changed, taken back and forwarded', async () => {
  const { client, userId } = await app.signIn()
  await seedSession(app.database, { userId, id: 'chat' })
  await seedMessage(app.database, { userId, sessionId: 'chat', id: 'question' })
  await seedMessage(app.database, { userId, sessionId: 'chat', id: 'answer', parentId: 'question', role: 'assistant' })
  for (const rating of ['good', 'bad', null]) {
    const reply = await client.request('/api/chat/feedback', { body: { messageId: 'answer', rating } })
    expect(reply.status).toBe(204)
    const page = await client.request('/api/chat/sessions/chat/messages')
    expect(page.json()).toMatchObject({
      messages: [
        { id: 'question', feedback: null },
        { id: 'answer', feedback: rating },
      ],
    })
  }
  expect(forwarded).toEqual([
    [userId, 'answer', 'good'],
    [userId, 'answer', 'bad'],
    [userId, 'answer', null],
  ])
})

test('feedback on a question, on nothing or on an answer of somebody else is refused and not forwarded', async () => {
  const { client, userId } = await app.signIn()
  const other = await app.signIn()
  await seedSession(app.database, { userId, id: 'chat' })
  await seedMessage(app.database, { userId, sessionId: 'chat', id: 'question' })
  await seedMessage(app.database, { userId, sessionId: 'chat', id: 'answer', role: 'assistant' })
  const before = forwarded.length
  const attempts = [
    client.request('/api/chat/feedback', { body: { messageId: 'question', rating: 'good' } }),
    client.request('/api/chat/feedback', { body: { messageId: 'nothing', rating: 'good' } }),
    other.client.request('/api/chat/feedback', { body: { messageId: 'answer', rating: 'good' } }),
  ]
  for (const reply of await Promise.all(attempts))
    expect(reply.json()).toMatchObject({ error: { code: 'message_not_found' } })
  expect(forwarded).toHaveLength(before)
})
