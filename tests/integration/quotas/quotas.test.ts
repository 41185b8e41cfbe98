import { randomUUID } from 'node:crypto'
import { openSimulator } from '@llmchat/simulator/open-simulator'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditPage } from '../../../packages/protocol/src/api/audit-schema.ts'
import type { MyQuotas, Quota, QuotaList, UsageReport } from '../../../packages/protocol/src/api/quota-schema.ts'
import { createChatClient, readAnswer, readFrames } from '../../support/chat-client.ts'
import { openAccessApp, type AccessPerson } from '../access/open-access-app.ts'

const simulator = await openSimulator()
const opened = await openAccessApp({
  OUTBOUND_ALLOWED_HOSTS: new URL(simulator.url).host,
  QUOTA_TIME_ZONE: 'Asia/Shanghai',
  QUOTA_CURRENCY: 'CNY',
})
const question = '[[sim tokens=20 gap=1 seed=5]]'

describe.for(opened ? [opened] : [])('quotas over HTTP', (access) => {
  let admin: AccessPerson

  beforeAll(async () => {
    admin = await access.signIn('admin')
    const agent = { provider: 'openai', baseUrl: simulator.baseUrl('openai'), apiKey: 'sk-sim', model: 'sim' }
    for (const id of ['first', 'second'])
      expect((await admin.client.request('/api/admin/agents', { body: { id, name: id, ...agent } })).status).toBe(201)
  })
  afterAll(async () => {
    await access.close()
    await simulator.close()
  })

  async function addQuota(quota: object): Promise<Quota> {
    const reply = await admin.client.request('/api/admin/quotas', { body: quota })
    expect([reply.status, reply.text]).toEqual([201, expect.any(String)])
    return reply.json() as Quota
  }

  async function openPerson() {
    const person = await access.signIn('member')
    const { secret } = await access.createKey(person.userId, ['chat', 'read'])
    return { ...person, apiKey: secret, chat: createChatClient({ url: access.app.url, apiKey: secret }) }
  }

  async function listActs(query: string): Promise<AuditPage['entries']> {
    return ((await admin.client.request(`/api/admin/audit-logs?${query}`)).json() as AuditPage).entries
  }

  test('a refused message says which quota, its limit and when it renews; nothing is written; a raised limit lets it go', async () => {
    const person = await openPerson()
    const perDay = { scope: 'user', subjectId: person.userId, measure: 'messages', period: 'day' }
    const quota = await addQuota({ ...perDay, hardLimit: 1 })
    await readAnswer(await person.chat.send(question, { agentId: 'first' }))
    const sessionId = randomUUID()
    const messageId = randomUUID()
    const refused = await person.chat.send(question, { agentId: 'first', sessionId, messageId })
    expect(refused.status).toBe(429)
    const waitS = Number(refused.headers.get('retry-after'))
    const { error } = (await refused.json()) as { error: { code: string; message: string; details: { quota: object } } }
    expect(error.code).toBe('quota_exceeded')
    const expected = { scope: 'user', measure: 'messages', period: 'day', used: 1, hardLimit: 1 }
    expect(error.details.quota).toMatchObject(expected)
    const { renewsAt } = error.details.quota as { renewsAt: string }
    // Midnight in Shanghai.
    expect(renewsAt).toMatch(/T16:00:00\.000Z$/)
    expect(Math.abs(Date.now() + waitS * 1000 - Date.parse(renewsAt))).toBeLessThan(5000)
    expect(error.message).toContain('1 of 1 messages a day')
    const chats = await access.database.kysely
      .selectFrom('chat_sessions')
      .select('id')
      .where('id', '=', sessionId)
      .execute()
    expect(chats).toEqual([])
    const change = { method: 'PUT', body: { softLimit: null, hardLimit: 2 } } as const
    expect((await admin.client.request(`/api/admin/quotas/${quota.id}`, change)).status).toBe(200)
    const answer = await readAnswer(await person.chat.send(question, { agentId: 'first', sessionId, messageId }))
    expect(answer.delivery.state).toBe('complete')
    // The same message again is the same message: it is attached to, and costs nothing.
    const again = await person.chat.send(question, { agentId: 'first', sessionId, messageId })
    expect((await readAnswer(again)).messageId).toBe(answer.messageId)
    const regenerated = await person.chat.post('/api/chat', {
      id: sessionId,
      trigger: 'regenerate-message',
      messages: [],
    })
    expect(regenerated.status).toBe(429)
  })

  test('on /v1 it is what clients of OpenAI know, and a key counts for its person', async () => {
    const person = await openPerson()
    await addQuota({ scope: 'user', subjectId: person.userId, measure: 'messages', period: 'month', hardLimit: 1 })
    const openai = new OpenAI({ apiKey: person.apiKey, baseURL: `${access.app.url}/v1`, maxRetries: 0 })
    const call = { model: 'first', messages: [{ role: 'user' as const, content: question }] }
    expect((await openai.chat.completions.create(call)).choices[0]?.finish_reason).toBe('stop')
    const error: unknown = await openai.chat.completions.create(call).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(OpenAI.RateLimitError)
    expect(error).toMatchObject({ status: 429, code: 'insufficient_quota', type: 'insufficient_quota' })
    const mine = (await person.client.request('/api/me/quotas')).json() as MyQuotas
    expect(mine).toMatchObject({ currency: 'CNY', timeZone: 'Asia/Shanghai', quotas: [{ used: 1, hardLimit: 1 }] })
  })

  test('an Idempotency-Key reserves once, however often it comes', async () => {
    const person = await openPerson()
    await addQuota({ scope: 'user', subjectId: person.userId, measure: 'messages', period: 'day', hardLimit: 1 })
    const body = JSON.stringify({ model: 'first', store: true, messages: [{ role: 'user', content: question }] })
    const headers = {
      authorization: `Bearer ${person.apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    }
    const call = () => fetch(`${access.app.url}/v1/chat/completions`, { method: 'POST', headers, body })
    const replies = await Promise.all([call(), call(), call(), call()])
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200])
    expect((await call()).status).toBe(200)
    const mine = (await person.client.request('/api/me/quotas')).json() as MyQuotas
    expect(mine.quotas).toMatchObject([{ used: 1 }])
  })

  test('a message that comes twice at once for the last place is one message, and not refused', async () => {
    const person = await openPerson()
    await addQuota({ scope: 'user', subjectId: person.userId, measure: 'messages', period: 'day', hardLimit: 1 })
    const same = { agentId: 'first', sessionId: randomUUID(), messageId: randomUUID() }
    const replies = await Promise.all(Array.from({ length: 5 }, () => person.chat.send(question, same)))
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200, 200])
    const answers = await Promise.all(replies.map(readAnswer))
    expect(new Set(answers.map((answer) => answer.generationId)).size).toBe(1)
  })

  test('the sender is told once that the soft limit is passed, and what is left', async () => {
    const person = await openPerson()
    const perDay = { scope: 'user', subjectId: person.userId, measure: 'messages', period: 'day' }
    await addQuota({ ...perDay, softLimit: 2, hardLimit: 5 })
    const told: unknown[] = []
    for (let turn = 0; turn < 3; turn++) {
      const events = []
      for await (const { event } of readFrames(await person.chat.send(question, { agentId: 'first' })))
        events.push(event)
      told.push(events.flatMap((event) => (event.type === 'data-quota' ? event.data.warnings : [])))
    }
    expect(told).toEqual([[], [expect.objectContaining({ used: 2, softLimit: 2, hardLimit: 5 })], []])
  })

  test('a cap on answers at the same time, of an agent, holds for everybody', async () => {
    const [one, two] = [await openPerson(), await openPerson()]
    const quota = await addQuota({
      scope: 'agent',
      subjectId: 'second',
      measure: 'running',
      period: 'now',
      hardLimit: 1,
    })
    const sessionId = randomUUID()
    const slow = await one.chat.send('[[sim tokens=2000 gap=20 seed=1]]', { agentId: 'second', sessionId })
    expect(slow.status).toBe(200)
    const refused = await two.chat.send(question, { agentId: 'second' })
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({ error: { code: 'too_many_running' } })
    expect(Number(refused.headers.get('retry-after'))).toBeLessThan(10)
    await one.chat.stop(sessionId)
    await readAnswer(slow)
    expect((await readAnswer(await two.chat.send(question, { agentId: 'second' }))).delivery.state).toBe('complete')
    expect((await admin.client.request(`/api/admin/quotas/${quota.id}`, { method: 'DELETE' })).status).toBe(204)
  })

  test('tokens and money are booked as they were used, and reported', async () => {
    const person = await openPerson()
    const price = { method: 'PUT', body: { inputMicros: 1_000_000, outputMicros: 3_000_000 } } as const
    expect((await admin.client.request('/api/admin/agents/first/price', price)).status).toBe(204)
    const perMonth = { scope: 'user', subjectId: person.userId, period: 'month', hardLimit: 1_000_000 }
    const money = await addQuota({ ...perMonth, measure: 'money' })
    const tokens = await addQuota({ ...perMonth, measure: 'tokens' })
    const { usage } = await readAnswer(await person.chat.send(question, { agentId: 'first' }))
    const [input, output] = [usage?.inputTokens ?? 0, usage?.outputTokens ?? 0]
    expect(output).toBeGreaterThan(0)
    const list = (await admin.client.request('/api/admin/quotas')).json() as QuotaList
    const findUsed = (id: string) => list.quotas.find((quota) => quota.id === id)?.used
    expect(findUsed(tokens.id)).toBe(input + output)
    expect(findUsed(money.id)).toBe(input + 3 * output)
    const span = `from=${new Date(Date.now() - 60_000).toISOString()}&until=${new Date(Date.now() + 60_000).toISOString()}`
    const reply = await admin.client.request(`/api/admin/usage?by=user&userId=${person.userId}&${span}`)
    expect((reply.json() as UsageReport).rows).toEqual([
      {
        key: person.userId,
        name: 'member',
        messages: 1,
        inputTokens: input,
        outputTokens: output,
        costMicros: input + 3 * output,
      },
    ])
  })

  test('what an administrator sets must make sense, and is written down, refusals too', async () => {
    const perDay = { measure: 'messages', period: 'day', hardLimit: 3 }
    const refusals: [object, number, string][] = [
      [{ ...perDay, scope: 'everyone', subjectId: admin.userId }, 400, 'invalid_request'],
      [{ ...perDay, scope: 'user' }, 400, 'invalid_request'],
      [{ ...perDay, scope: 'everyone', measure: 'running' }, 400, 'invalid_request'],
      [{ ...perDay, scope: 'everyone', softLimit: 4 }, 400, 'invalid_request'],
      [{ scope: 'everyone', measure: 'running', period: 'now', softLimit: 1, hardLimit: 2 }, 400, 'invalid_request'],
      [{ ...perDay, scope: 'group', subjectId: 'none' }, 404, 'group_not_found'],
      [{ ...perDay, scope: 'agent', subjectId: 'none' }, 404, 'agent_not_found'],
    ]
    for (const [body, status, code] of refusals) {
      const reply = await admin.client.request('/api/admin/quotas', { body })
      expect([status, reply.json()]).toMatchObject([reply.status, { error: { code } }])
    }
    const own = { ...perDay, scope: 'user', subjectId: admin.userId }
    const quota = await addQuota(own)
    const twice = await admin.client.request('/api/admin/quotas', { body: own })
    expect(twice.json()).toMatchObject({ error: { code: 'conflict' } })
    const limits = { method: 'PUT', body: { softLimit: 5, hardLimit: 9 } } as const
    await admin.client.request(`/api/admin/quotas/${quota.id}`, limits)
    await admin.client.request(`/api/admin/quotas/${quota.id}`, { method: 'DELETE' })
    const acts = await listActs(`targetKind=quota&targetId=${quota.id}`)
    expect(acts.map(({ action }) => action)).toEqual(['quota.deleted', 'quota.changed', 'quota.created'])
    expect(acts[1]?.details).toMatchObject({ softLimit: 5, hardLimit: 9 })
    expect(await listActs('action=quota.created&outcome=failure')).toHaveLength(refusals.length + 1)
  })

  test('erasing a person takes their quotas; what they used stays, by id alone', async () => {
    const person = await openPerson()
    const quota = await addQuota({
      scope: 'user',
      subjectId: person.userId,
      measure: 'messages',
      period: 'day',
      hardLimit: 9,
    })
    await readAnswer(await person.chat.send(question, { agentId: 'first' }))
    await admin.client.request(`/api/admin/users/${person.userId}?mode=erase`, { method: 'DELETE' })
    const { kysely } = access.database
    expect(await kysely.selectFrom('quotas').select('id').where('id', '=', quota.id).execute()).toEqual([])
    const records = kysely.selectFrom('usage_records').select('agent_id').where('user_id', '=', person.userId)
    expect(await records.execute()).toEqual([{ agent_id: 'first' }])
  })
})
