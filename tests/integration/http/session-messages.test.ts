import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChatMessagePage } from '../../../packages/protocol/src/api/chat-schema.ts'
import { emptyMessage } from '../../../packages/protocol/src/fold-message.ts'
import type { HttpClient } from '../../support/create-http-client.ts'
import { openTestApp, type TestApp } from '../../support/open-test-app.ts'
import { seedGeneration, seedMessage, seedSession } from '../../support/seed-chat.ts'

let app: TestApp

beforeAll(async () => {
  app = await openTestApp()
})
afterAll(() => app.close())

async function getPage(client: HttpClient, sessionId: string, query = ''): Promise<ChatMessagePage> {
  const reply = await client.request(`/api/chat/sessions/${sessionId}/messages${query}`)
  expect(reply.status).toBe(200)
  return reply.json() as ChatMessagePage
}

test('a chat without messages is an empty page with its session', async () => {
  const { client, userId } = await app.signIn()
  await seedSession(app.database, { userId, id: 'empty', title: '空' })
  expect(await getPage(client, 'empty')).toMatchObject({
    session: { id: 'empty', title: '空', state: 'idle' },
    messages: [],
    nextCursor: null,
  })
})

test('pages go back in time, oldest first within each, complete while new messages come in', async () => {
  const { client, userId } = await app.signIn()
  await seedSession(app.database, { userId, id: 'long' })
  const expected: string[] = []
  for (let index = 0; index < 17; index += 1) {
    const id = `m${String(index).padStart(2, '0')}`
    const createdAt = `2026-01-01T00:00:00.${String(Math.floor(index / 2)).padStart(6, '0')}Z`
    await seedMessage(app.database, { userId, sessionId: 'long', id, createdAt })
    expected.push(id)
  }
  let ids: string[] = []
  let cursor: string | null = ''
  for (let page = 0; cursor !== null; page += 1) {
    const found: ChatMessagePage = await getPage(client, 'long', `?limit=5${cursor ? `&cursor=${cursor}` : ''}`)
    ids = [...found.messages.map((message) => message.id), ...ids]
    cursor = found.nextCursor
    await seedMessage(app.database, {
      userId,
      sessionId: 'long',
      id: `new${page}`,
      createdAt: `2026-02-01T00:00:0${page}Z`,
    })
  }
  expect(ids).toEqual(expected)
})

test('all branches come, with agent, delivery, usage and parts as stored', async () => {
  const { client, userId } = await app.signIn()
  await seedSession(app.database, { userId, id: 'tree' })
  await seedMessage(app.database, { userId, sessionId: 'tree', id: 'q', createdAt: '2026-01-01T00:00:00Z' })
  for (const [index, id] of ['a1', 'a2'].entries()) {
    const createdAt = `2026-01-01T00:00:0${index + 1}Z`
    const delivery = { state: 'complete', finishReason: 'stop' } as const
    await seedMessage(app.database, {
      userId,
      sessionId: 'tree',
      id,
      parentId: 'q',
      role: 'assistant',
      delivery,
      agentName: 'Echo',
      createdAt,
    })
  }
  const { messages } = await getPage(client, 'tree')
  expect(messages.map((message) => [message.id, message.parentId])).toEqual([
    ['q', null],
    ['a1', 'q'],
    ['a2', 'q'],
  ])
  expect(messages[0]).toMatchObject({ role: 'user', delivery: null, usage: null, timing: null, feedback: null })
  expect(messages[1]).toMatchObject({
    sessionId: 'tree',
    role: 'assistant',
    agentName: 'Echo',
    delivery: { state: 'complete', finishReason: 'stop' },
    parts: [{ type: 'text', id: 't1', text: 'a1' }],
  })
})

test('a running answer shows its checkpoint; before the first one it is accepted', async () => {
  const { client, userId } = await app.signIn()
  await seedSession(app.database, { userId, id: 'live' })
  const usage = { inputTokens: 3, outputTokens: 2, isEstimated: true }
  const parts = [{ type: 'text', id: 't1', text: 'half of', isOpen: true }]
  const checkpoints = { waiting: undefined, streaming: { ...emptyMessage, parts, usage } }
  for (const [id, checkpoint] of Object.entries(checkpoints)) {
    const generationId = `${id}-${userId}`
    await seedMessage(app.database, { userId, sessionId: 'live', id, role: 'assistant', parts: [], generationId })
    await seedGeneration(app.database, { userId, sessionId: 'live', messageId: id, id: generationId, checkpoint })
  }
  const page = await getPage(client, 'live')
  expect(page.session.state).toBe('running')
  const byId = new Map(page.messages.map((message) => [message.id, message]))
  expect(byId.get('waiting')).toMatchObject({ delivery: { state: 'accepted' }, parts: [], usage: null })
  expect(byId.get('streaming')).toMatchObject({ delivery: { state: 'streaming' }, parts, usage })
})
