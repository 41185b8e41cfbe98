import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AdminAgent, AdminUserPage, Group } from '../../../packages/protocol/src/api/admin-schema.ts'
import type { AuditPage } from '../../../packages/protocol/src/api/audit-schema.ts'
import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { createChatClient, readAnswer } from '../../support/chat-client.ts'
import { seedMessage, seedSession } from '../../support/seed-chat.ts'
import { openAccessApp, password, type AccessApp, type AccessPerson } from './open-access-app.ts'

const simulator: Simulator = await openSimulator()
const opened = await openAccessApp({ OUTBOUND_ALLOWED_HOSTS: `${new URL(simulator.url).host},127.0.0.1:9` })

describe.for(opened ? [opened] : [])('administration', (access: AccessApp) => {
  let admin: AccessPerson

  beforeAll(async () => {
    admin = await access.signIn('admin')
  })
  afterAll(async () => {
    await access.close()
    await simulator.close()
  })

  const put = (path: string, body?: unknown) =>
    admin.client.request(path, { method: 'PUT', ...(body === undefined ? {} : { body }) })
  const patch = (path: string, body: unknown) => admin.client.request(path, { method: 'PATCH', body })
  const remove = (path: string) => admin.client.request(path, { method: 'DELETE' })

  async function createAgent(id: string, change: object = {}): Promise<AdminAgent> {
    const body = {
      id,
      name: id,
      provider: 'openai',
      baseUrl: simulator.baseUrl('openai'),
      apiKey: 'sk-planted-key',
      model: 'sim',
      ...change,
    }
    const reply = await admin.client.request('/api/admin/agents', { body })
    expect(reply.text).not.toContain('sk-planted-key')
    expect(reply.status).toBe(201)
    return reply.json() as AdminAgent
  }

  async function createGroup(name: string): Promise<Group> {
    return (await admin.client.request('/api/admin/groups', { body: { name } })).json() as Group
  }

  async function listActs(query: string): Promise<AuditPage['entries']> {
    const reply = await admin.client.request(`/api/admin/audit-logs?${query}`)
    return (reply.json() as AuditPage).entries
  }

  test('people are found by address and name, in pages', async () => {
    for (const name of ['Zoe Page', 'Yan Page', 'Xi Page']) await access.signIn('member', name)
    const seen: string[] = []
    let cursor = ''
    do {
      const reply = await admin.client.request(`/api/admin/users?q=page&limit=2${cursor}`)
      const page = reply.json() as AdminUserPage
      seen.push(...page.users.map((user) => user.name))
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
    } while (cursor !== '')
    expect(seen.sort()).toEqual(['Xi Page', 'Yan Page', 'Zoe Page'])
    const percent = await admin.client.request('/api/admin/users?q=%25')
    expect((percent.json() as AdminUserPage).users).toEqual([])
  })

  test('a new role counts from the next request on, and the act is written down', async () => {
    const person = await access.signIn('member')
    expect((await person.client.request('/api/admin/users')).status).toBe(403)
    await patch(`/api/admin/users/${person.userId}`, { role: 'auditor', name: 'Secret Name' })
    expect((await person.client.request('/api/admin/users')).status).toBe(200)
    const [act] = await listActs(`targetId=${person.userId}&action=user.changed`)
    expect(act).toMatchObject({
      actorKind: 'user',
      actorId: admin.userId,
      outcome: 'success',
      details: { fields: ['name', 'role'], role: 'auditor' },
    })
    expect(JSON.stringify(act)).not.toContain('Secret Name')
  })

  test('whoever is switched off is out at once, by browser and by key, and comes back only by signing in', async () => {
    const person = await access.signIn('member')
    const { secret } = await access.createKey(person.userId, ['read'])
    const byKey = async () =>
      (await fetch(`${access.app.url}/api/auth/me`, { headers: { authorization: `Bearer ${secret}` } })).status
    expect(await byKey()).toBe(200)
    expect((await remove(`/api/admin/users/${person.userId}`)).status).toBe(204)
    expect(await byKey()).toBe(401)
    expect((await person.client.request('/api/auth/me')).status).toBe(401)
    await patch(`/api/admin/users/${person.userId}`, { isActive: true })
    expect((await person.client.request('/api/auth/me')).status).toBe(401)
    expect(await byKey()).toBe(200)
  })

  test('the last administrator stays one', async () => {
    const self = `/api/admin/users/${admin.userId}`
    for (const change of [{ role: 'member' }, { isActive: false }]) {
      expect((await patch(self, change)).json()).toMatchObject({ error: { code: 'last_admin' } })
    }
    expect((await remove(`${self}?mode=erase`)).json()).toMatchObject({ error: { code: 'last_admin' } })
    expect(await listActs(`targetId=${admin.userId}&outcome=failure&action=user.changed`)).toHaveLength(2)
  })

  test('of two administrators who step down at the same moment one stays', async () => {
    const second = await access.signIn('admin')
    const replies = await Promise.all([
      patch(`/api/admin/users/${second.userId}`, { role: 'member' }),
      second.client.request(`/api/admin/users/${admin.userId}`, { method: 'PATCH', body: { role: 'member' } }),
    ])
    expect(replies.map((reply) => reply.status).sort()).not.toEqual([200, 200])
    const kysely = access.database.kysely
    await kysely.updateTable('users').set({ role: 'admin' }).where('id', '=', admin.userId).execute()
    await kysely.updateTable('users').set({ role: 'member' }).where('id', '=', second.userId).execute()
    admin = { ...admin, client: await access.signInAgain(admin.email) }
  })

  test('erasing leaves the id and nothing else; a legal hold forbids it', async () => {
    const person = await access.signIn('member', 'Erika Erased')
    await seedSession(access.database, { userId: person.userId, id: 'private', title: 'private words' })
    await seedMessage(access.database, { userId: person.userId, sessionId: 'private', id: 'm', text: 'private words' })
    await access.createKey(person.userId, ['chat'])
    await person.client.request('/api/auth/totp', { body: { password } })
    expect((await person.client.request('/api/uploads', { rawBody: 'private words' })).status).toBe(201)
    const path = `/api/admin/users/${person.userId}`
    await patch(path, { isOnLegalHold: true })
    expect((await remove(`${path}?mode=erase`)).json()).toMatchObject({ error: { code: 'legal_hold' } })
    await patch(path, { isOnLegalHold: false })
    expect((await remove(`${path}?mode=erase`)).status).toBe(204)
    const { kysely } = access.database
    // What was used is still to be paid for, under the id alone.
    const kept = ['usage_records']
    const { rows: tables } = await sql<{ name: string }>`
      SELECT table_name AS name FROM information_schema.columns
      WHERE column_name = 'user_id' AND table_schema = current_schema()`.execute(kysely)
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining([...kept, 'chat_messages', 'user_totp']))
    for (const { name } of tables.filter((table) => !kept.includes(table.name))) {
      const { rows } = await sql`SELECT FROM ${sql.table(name)} WHERE user_id = ${person.userId}`.execute(kysely)
      expect(rows, name).toEqual([])
    }
    const row = await kysely.selectFrom('users').selectAll().where('id', '=', person.userId).executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toMatch(new RegExp(`Erika|${person.email}`))
    const login = { email: row.email, password }
    expect((await patch(path, { isActive: true })).status).toBe(409)
    const reply = await admin.client.request('/api/auth/login', { body: login })
    expect(reply.status).toBe(401)
  })

  test('login sessions of a person can be seen and ended, one or all', async () => {
    const person = await access.signIn('member')
    const second = await access.signInAgain(person.email)
    const path = `/api/admin/users/${person.userId}/login-sessions`
    const list = async () =>
      ((await admin.client.request(path)).json() as { loginSessions: { id: string }[] }).loginSessions
    const [newest] = await list()
    expect(await list()).toHaveLength(2)
    expect((await remove(`${path}/${newest?.id ?? ''}`)).status).toBe(204)
    const statuses = await Promise.all([person.client, second].map((client) => client.request('/api/auth/me')))
    expect(statuses.map((reply) => reply.status).sort()).toEqual([200, 401])
    expect((await remove(path)).status).toBe(204)
    expect((await person.client.request('/api/auth/me')).status).toBe(401)
    expect(await list()).toEqual([])
  })

  test('an agent key goes in, never comes out, and does not follow to another host', async () => {
    await createAgent('keyed')
    const path = '/api/admin/agents/keyed'
    const { kysely } = access.database
    const findSealed = async () =>
      (await kysely.selectFrom('agent_configs').select('api_key_sealed').where('id', '=', 'keyed').executeTakeFirst())
        ?.api_key_sealed
    const before = await findSealed()
    expect(before).not.toContain('sk-planted-key')
    const moved = await patch(path, { baseUrl: 'https://elsewhere.example/v1' })
    expect(moved.status).toBe(400)
    expect((await patch(path, { provider: 'anthropic' })).status).toBe(400)
    expect(await findSealed()).toBe(before)
    expect((await patch(path, { name: 'Renamed', temperature: 1 })).json()).toMatchObject({
      hasApiKey: true,
      model: 'sim',
    })
    const withKey = await patch(path, { baseUrl: 'https://elsewhere.example/v1', apiKey: 'sk-planted-other' })
    expect(withKey.json()).toMatchObject({ baseUrl: 'https://elsewhere.example/v1', hasApiKey: true, temperature: 1 })
    expect((await patch(path, { apiKey: null, temperature: null })).json()).toMatchObject({
      hasApiKey: false,
      temperature: null,
    })
    const everything = await admin.client.request('/api/admin/agents')
    const acts = await listActs('targetId=keyed')
    expect(everything.text + JSON.stringify(acts)).not.toContain('sk-planted')
    expect(acts.map((act) => [act.action, act.outcome])).toContainEqual(['agent.changed', 'failure'])
    expect((await remove(path)).status).toBe(204)
    expect((await admin.client.request(path)).json()).toMatchObject({ error: { code: 'agent_not_found' } })
  })

  test('only one agent is the default, and a fall-back must exist', async () => {
    await createAgent('first', { isDefault: true })
    await createAgent('second', { isDefault: true })
    const reply = await admin.client.request('/api/admin/agents')
    const { agents } = reply.json() as { agents: AdminAgent[] }
    expect(agents.filter((agent) => agent.isDefault).map((agent) => agent.id)).toEqual(['second'])
    expect((await patch('/api/admin/agents/first', { fallbackAgentIds: ['none'] })).status).toBe(400)
    expect((await patch('/api/admin/agents/first', { fallbackAgentIds: ['first'] })).status).toBe(400)
    expect((await patch('/api/admin/agents/first', { fallbackAgentIds: ['second'] })).status).toBe(200)
  })

  test('testing the connection asks the real upstream', async () => {
    await createAgent('works')
    const good = await admin.client.request('/api/admin/agents/works/test', { method: 'POST' })
    expect(good.json()).toMatchObject({ isWorking: true, errorCode: null })
    await createAgent('dead', { baseUrl: 'http://127.0.0.1:9/v1' })
    const bad = await admin.client.request('/api/admin/agents/dead/test', { method: 'POST' })
    expect(bad.json()).toMatchObject({ isWorking: false, errorCode: 'upstream_unreachable' })
    await createAgent('blocked', { baseUrl: 'http://127.0.0.1:10/v1' })
    const blocked = await admin.client.request('/api/admin/agents/blocked/test', { method: 'POST' })
    expect(blocked.json()).toMatchObject({ isWorking: false, errorCode: 'outbound_blocked' })
  })

  test('an agent that a group may not see is not there for its members, on every way to it', async () => {
    const person = await access.signIn('member')
    const { secret } = await access.createKey(person.userId, ['chat', 'read'])
    const chat = createChatClient({ url: access.app.url, apiKey: secret })
    await createAgent('guarded', { isDefault: true })
    await createAgent('fallen', { baseUrl: 'http://127.0.0.1:9/v1', fallbackAgentIds: ['guarded'] })
    expect((await readAnswer(await chat.send('hello', { agentId: 'guarded', sessionId: 'mine' }))).delivery.state).toBe(
      'complete',
    )
    expect((await readAnswer(await chat.send('hi', { agentId: 'fallen' }))).delivery.state).toBe('complete')

    const group = await createGroup('outsiders')
    await put(`/api/admin/groups/${group.id}/members/${person.userId}`)
    const rules = (effect: string) => ({ rules: [{ groupId: group.id, effect }] })
    expect((await put('/api/admin/agents/guarded/access', rules('deny'))).status).toBe(200)

    const listed = (await (await chat.get('/api/agents')).json()) as { agents: { id: string }[] }
    const models = (await (await chat.get('/v1/models')).json()) as { data: { id: string }[] }
    expect([...listed.agents, ...models.data].map((each) => each.id)).not.toContain('guarded')
    const byV1 = { model: 'guarded', messages: [{ role: 'user', content: 'hello' }] }
    const refused = await Promise.all([
      chat.send('hello', { agentId: 'guarded' }),
      chat.send('go on', { sessionId: 'mine' }),
      chat.get('/v1/models/guarded'),
      chat.post('/v1/chat/completions', byV1),
      fetch(`${access.app.url}/api/chat/sessions/mine`, {
        method: 'PATCH',
        headers: { ...chat.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ agentId: 'guarded' }),
      }),
    ])
    for (const reply of refused) {
      expect([reply.url, reply.status]).toEqual([reply.url, 404])
      expect(await reply.text()).toContain('agent_not_found')
    }
    // Nor does it answer instead of another; and the default is now one they may see.
    expect((await readAnswer(await chat.send('hi', { agentId: 'fallen' }))).delivery.state).toBe('failed')
    expect((await chat.messages('mine')).messages).toHaveLength(2)

    // Allowed again, by the same group.
    await put('/api/admin/agents/guarded/access', rules('allow'))
    expect((await chat.get('/v1/models/guarded')).status).toBe(200)
    // Out of the group means out of what it alone may see.
    await remove(`/api/admin/groups/${group.id}/members/${person.userId}`)
    expect((await chat.get('/v1/models/guarded')).status).toBe(404)
    // No rule is everybody: the group's rules go with it.
    expect((await remove(`/api/admin/groups/${group.id}`)).status).toBe(204)
    expect((await chat.get('/v1/models/guarded')).status).toBe(200)
    const acts = await listActs('targetId=guarded&action=agent.access-changed')
    expect(acts.map((act) => act.details['rules'])).toEqual([[`allow ${group.id}`], [`deny ${group.id}`]])
  })

  test('groups: a taken name, an unknown group, an unknown person', async () => {
    const group = await createGroup('team')
    const again = await admin.client.request('/api/admin/groups', { body: { name: 'team' } })
    expect(again.json()).toMatchObject({ error: { code: 'conflict' } })
    expect((await put(`/api/admin/groups/none/members/${admin.userId}`)).json()).toMatchObject({
      error: { code: 'group_not_found' },
    })
    expect((await put(`/api/admin/groups/${group.id}/members/none`)).json()).toMatchObject({
      error: { code: 'user_not_found' },
    })
    await put(`/api/admin/groups/${group.id}/members/${admin.userId}`)
    await put(`/api/admin/groups/${group.id}/members/${admin.userId}`)
    const members = await admin.client.request(`/api/admin/users?groupId=${group.id}`)
    expect((members.json() as AdminUserPage).users).toMatchObject([
      { id: admin.userId, groups: [{ id: group.id, name: 'team' }] },
    ])
    expect(await listActs(`targetId=${group.id}&action=group.member-added`)).toHaveLength(1)
  })

  test('signing in and out is written down, with the address, and nothing of an address that nobody has', async () => {
    const person = await access.signIn('member')
    const wrong = await person.client.request('/api/auth/login', { body: { email: person.email, password: 'wrong' } })
    expect(wrong.status).toBe(401)
    const typed = { email: 'my-password@typed.here', password: 'x' }
    expect((await admin.client.request('/api/auth/login', { body: typed })).status).toBe(401)
    await person.client.request('/api/auth/logout', { method: 'POST' })
    const acts = await listActs(`targetId=${person.userId}`)
    expect(acts.map((act) => act.action)).toEqual(['logout', 'login.failed', 'login.succeeded'])
    expect(acts[1]).toMatchObject({ outcome: 'failure', errorCode: 'invalid_credentials', address: '127.0.0.1' })
    const [nobody] = await listActs('action=login.failed')
    expect(nobody).toMatchObject({ actorKind: 'visitor', targetId: null })
    expect(JSON.stringify(nobody)).not.toContain('typed.here')
  })

  test('the export is streamed in both shapes and is itself an act', async () => {
    const csv = await admin.client.request('/api/admin/audit-logs/export?format=csv')
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const json = await admin.client.request('/api/admin/audit-logs/export?format=json&action=audit.exported')
    const entries = json.json() as { action: string; details: object }[]
    expect(entries.map((entry) => entry.details)).toEqual([
      { format: 'csv' },
      { format: 'json', action: 'audit.exported' },
    ])
    expect(csv.text.split('\r\n').length).toBeGreaterThan(20)
  })
})
