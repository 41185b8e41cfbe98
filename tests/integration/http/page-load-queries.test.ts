import { afterAll, expect, test } from 'vitest'
import { openTestApp } from '../../support/open-test-app.ts'
import { seedMessage, seedSession } from '../../support/seed-chat.ts'

const MAX_QUERIES = 10

let statements: string[] = []
const app = await openTestApp({ onStatement: (name) => statements.push(name) })
afterAll(() => app.close())

/** What the page asks for when somebody opens a chat by its address. */
const pageLoad = ['/api/auth/me', '/api/agents', '/api/chat/sessions', '/api/chat/sessions/chat-3/messages']

test('opening a chat costs a handful of statements, however many chats and messages there are', async () => {
  const { client, userId } = await app.signIn()
  for (let chat = 1; chat <= 40; chat += 1) await seedSession(app.database, { userId, id: `chat-${String(chat)}` })
  for (let message = 1; message <= 30; message += 1) {
    await seedMessage(app.database, { userId, sessionId: 'chat-3', id: `message-${String(message)}` })
  }
  statements = []
  const replies = await Promise.all(pageLoad.map((path) => client.request(path)))
  expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200])
  expect(replies[2]?.json()).toMatchObject({ sessions: { length: 30 } })
  expect(replies[3]?.json()).toMatchObject({ messages: { length: 30 } })
  // Each list by one statement; and the login session, which requests that come together may each look up.
  expect(statements).toEqual(expect.arrayContaining(['chat-sessions-first-page', 'chat-messages-newest-page']))
  expect(statements.filter((name) => name.startsWith('chat-'))).toHaveLength(2)
  expect(statements.length).toBeLessThanOrEqual(MAX_QUERIES)

  statements = []
  for (const path of pageLoad) await client.request(path)
  expect(statements.length).toBeLessThanOrEqual(4)
})
