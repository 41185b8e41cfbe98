import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApp, type TestApp } from '../../support/open-test-app.ts'

let app: TestApp

beforeAll(async () => {
  app = await openTestApp()
  const common = { provider: 'openai' as const, options: '{}', suggestions: '["Say hello"]', origin: 'import' as const }
  await app.database.kysely
    .insertInto('agent_configs')
    .values([
      { ...common, id: 'on', name: 'On', base_url: 'https://upstream.example', system_prompt: 'a secret prompt' },
      { ...common, id: 'off', name: 'Off', base_url: 'https://upstream.example', is_active: false },
    ])
    .execute()
})
afterAll(() => app.close())

test('agents come with their health, without address, key or prompt', async () => {
  const { client } = await app.signIn()
  const reply = await client.request('/api/agents')
  expect(reply.json()).toMatchObject({
    agents: [
      { id: 'off', isActive: false },
      { id: 'on', isActive: true, suggestions: ['Say hello'], health: 'ok', firstContentMs: 120, isDemo: false },
    ],
  })
  expect(reply.text).not.toMatch(/upstream\.example|secret/)
})

test('a chat takes an agent that can be asked, and no other', async () => {
  const { client, userId } = await app.signIn()
  await app.database.kysely.insertInto('chat_sessions').values({ user_id: userId, id: 'chat', title: 't' }).execute()
  const change = (agentId: string) => client.request('/api/chat/sessions/chat', { method: 'PATCH', body: { agentId } })
  expect((await change('on')).json()).toMatchObject({ agentId: 'on' })
  expect((await change('off')).json()).toMatchObject({ error: { code: 'agent_inactive' } })
  expect((await change('none')).json()).toMatchObject({ error: { code: 'agent_not_found' } })
  expect((await client.request('/api/chat/sessions/chat')).json()).toMatchObject({ agentId: 'on' })
})
