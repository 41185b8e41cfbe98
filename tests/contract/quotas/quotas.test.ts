import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestDatabase, openTestPglite, type Engine, type TestDatabase } from '../../support/open-test-database.ts'
import { complete, failed, interrupted, openQuotaBench } from './quota-bench.ts'

const statements: string[] = []
const opened: [Engine, TestDatabase][] = [
  ['pglite', await openTestPglite({ onStatement: (name) => statements.push(name) })],
]
const postgres = await openTestDatabase('postgres')
if (postgres !== null) opened.push(['postgres', postgres])

afterAll(async () => {
  for (const [, each] of opened) await each.close()
})

describe.each(opened)('quotas on %s', (_engine, { database }) => {
  const bench = openQuotaBench(database)
  const { addUser, addGroup, addAgent, addQuota, ask, tryAsk, end, readCount } = bench
  beforeEach(() => bench.removeAll())

  test('200 messages at once against a limit of 50: exactly 50 pass, and only they are written', async () => {
    const agentId = await addAgent()
    const users = await Promise.all(Array.from({ length: 10 }, addUser))
    const quota = await addQuota({
      scope: 'agent',
      subjectId: agentId,
      measure: 'messages',
      period: 'day',
      hardLimit: 50,
    })
    const errors = await Promise.all(
      Array.from({ length: 200 }, (_, index) => tryAsk(users[index % 10] ?? '', { agentId })),
    )
    expect(errors.filter((error) => error === null)).toHaveLength(50)
    expect(new Set(errors.map((error) => error?.code))).toEqual(new Set([undefined, 'quota_exceeded']))
    expect(await readCount(quota.id)).toEqual({ used: 0, reserved: 50 })
    for (const table of ['generations', 'chat_sessions'] as const)
      expect(await database.kysely.selectFrom(table).select('id').execute()).toHaveLength(50)
  })

  test('a cap on answers at the same time lets the next in when one has ended', async () => {
    const userId = await addUser()
    const quota = await addQuota({ scope: 'everyone', measure: 'running', period: 'now', hardLimit: 5 })
    const results = await Promise.allSettled(Array.from({ length: 40 }, () => ask(userId)))
    const running = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    expect(running).toHaveLength(5)
    const refusal = await tryAsk(userId)
    expect(refusal?.code).toBe('too_many_running')
    expect(refusal?.retryAfterMs).toBeLessThan(10_000)
    await end(running[0]?.generationId ?? '', failed)
    expect(await tryAsk(userId)).toBeNull()
    expect(await readCount(quota.id)).toEqual({ used: 0, reserved: 5 })
  })

  test('the same message twice at the same time reserves once', async () => {
    const userId = await addUser()
    const quota = await addQuota({ scope: 'user', subjectId: userId, measure: 'messages', period: 'day', hardLimit: 9 })
    await ask(userId)
    const once = { sessionId: randomUUID(), questionId: randomUUID() }
    const results = await Promise.allSettled([ask(userId, once), ask(userId, once), ask(userId, once)])
    const written = results.filter((result) => result.status === 'fulfilled' && result.value.isWritten)
    expect(written).toHaveLength(1)
    expect(await readCount(quota.id)).toEqual({ used: 0, reserved: 2 })
  })

  test('the end books what was really used, once, and only for the owner', async () => {
    const [userId, agentId] = [await addUser(), await addAgent()]
    const subject = { scope: 'user', subjectId: userId, period: 'month', hardLimit: 1_000_000 } as const
    const tokens = await addQuota({ ...subject, measure: 'tokens' })
    const money = await addQuota({ ...subject, measure: 'money' })
    await bench.administration.setPrice(
      agentId,
      { inputMicros: 2_500_000, outputMicros: 10_000_001 },
      async () => undefined,
    )
    const { generationId } = await ask(userId, { agentId, estimate: { input: 100, maxOutput: 400 } })
    expect(await readCount(tokens.id)).toEqual({ used: 0, reserved: 500 })
    // 100 × 2.5 + 400 × 10.000001, rounded up.
    expect(await readCount(money.id)).toEqual({ used: 0, reserved: 4251 })
    const used = { inputTokens: 7, outputTokens: 13 }
    expect(await end(generationId, interrupted, used, 2)).toBe(false)
    expect(await readCount(tokens.id)).toEqual({ used: 0, reserved: 500 })
    expect(await end(generationId, interrupted, used)).toBe(true)
    expect(await end(generationId, complete, used)).toBe(false)
    expect(await readCount(tokens.id)).toEqual({ used: 20, reserved: 0 })
    expect(await readCount(money.id)).toEqual({ used: 148, reserved: 0 })
    const query = {
      from: new Date(Date.now() - 60_000).toISOString(),
      until: new Date(Date.now() + 60_000).toISOString(),
    }
    for (const by of ['user', 'agent', 'day'] as const) {
      const { rows } = await bench.administration.reportUsage({ by, ...query })
      expect(rows).toMatchObject([{ messages: 1, inputTokens: 7, outputTokens: 13, costMicros: 148 }])
    }
    // An offset that no place on earth has, and a database does not take.
    const ever = { ...query, from: '0396-06-29T06:08:48.004-21:07' }
    expect((await bench.administration.reportUsage({ by: 'agent', ...ever })).rows).toHaveLength(1)
  })

  test('an answer that failed before its first word gives all back', async () => {
    const userId = await addUser()
    const quota = await addQuota({ scope: 'everyone', measure: 'messages', period: 'day', hardLimit: 1 })
    const { generationId } = await ask(userId)
    expect((await tryAsk(userId))?.code).toBe('quota_exceeded')
    await end(generationId, failed)
    expect(await readCount(quota.id)).toEqual({ used: 0, reserved: 0 })
    expect(await database.kysely.selectFrom('usage_records').selectAll().execute()).toEqual([])
    expect(await tryAsk(userId)).toBeNull()
  })

  test('of several groups all count, and the tightest refuses for all', async () => {
    const [one, two] = [await addUser(), await addUser()]
    const [wide, tight] = [await addGroup(one, two), await addGroup(one, two)]
    const perDay = { measure: 'messages', period: 'day' } as const
    const wideQuota = await addQuota({ scope: 'group', subjectId: wide, ...perDay, hardLimit: 100 })
    const tightQuota = await addQuota({ scope: 'group', subjectId: tight, ...perDay, hardLimit: 2 })
    expect(await tryAsk(one)).toBeNull()
    expect(await tryAsk(two)).toBeNull()
    const refusal = await tryAsk(one)
    expect(refusal?.details).toMatchObject({ quota: { scope: 'group', name: `group ${tight}`, used: 2, hardLimit: 2 } })
    expect(await readCount(wideQuota.id)).toEqual({ used: 0, reserved: 2 })
    expect(await readCount(tightQuota.id)).toEqual({ used: 0, reserved: 2 })
    // Whoever is in neither is not held by them.
    expect(await tryAsk(await addUser())).toBeNull()
  })

  test("a person's own quota stands in for what everybody has, each on a count of their own", async () => {
    const [one, two] = [await addUser(), await addUser()]
    const groupId = await addGroup(one, two)
    const perDay = { measure: 'messages', period: 'day' } as const
    await addQuota({ scope: 'everyone', ...perDay, hardLimit: 1 })
    await addQuota({ scope: 'group-member', subjectId: groupId, ...perDay, hardLimit: 5 })
    await addQuota({ scope: 'user', subjectId: two, ...perDay, hardLimit: 3 })
    expect(await tryAsk(one)).toBeNull()
    expect((await tryAsk(one))?.code).toBe('quota_exceeded')
    for (const expected of [undefined, undefined, undefined, 'quota_exceeded'])
      expect((await tryAsk(two))?.code).toBe(expected)
    const { quotas: mine } = await bench.administration.listMine(two)
    expect(mine).toMatchObject([{ scope: 'user', used: 3, hardLimit: 3, renewsAt: '2026-11-27T00:00:00.000Z' }])
  })

  test('the next day begins at nothing, and Retry-After says when', async () => {
    const userId = await addUser()
    await addQuota({ scope: 'everyone', measure: 'messages', period: 'day', hardLimit: 1 })
    await addQuota({ scope: 'everyone', measure: 'messages', period: 'month', hardLimit: 2 })
    expect(await tryAsk(userId)).toBeNull()
    const refusal = await tryAsk(userId)
    expect(refusal?.retryAfterMs).toBe(Date.parse('2026-11-27T00:00:00Z') - bench.clock.nowMs())
    bench.clock.pass(24 * 3_600_000)
    expect(await tryAsk(userId)).toBeNull()
    // Now both are used up: whoever waits for the day alone would be refused again.
    expect((await tryAsk(userId))?.retryAfterMs).toBe(Date.parse('2026-12-01T00:00:00Z') - bench.clock.nowMs())
    bench.clock.pass(-24 * 3_600_000)
  })

  test('the soft limit is told once in a window, and anew when it is set anew', async () => {
    const userId = await addUser()
    const quota = await addQuota({ scope: 'everyone', measure: 'messages', period: 'day', softLimit: 2, hardLimit: 9 })
    const countWarnings = async () => (await ask(userId)).warnings.map((warning) => warning.used)
    const told = []
    for (let turn = 0; turn < 4; turn++) told.push(await countWarnings())
    expect(told).toEqual([[], [2], [], []])
    await bench.administration.changeLimits(quota.id, { softLimit: 5, hardLimit: 9 }, async () => undefined)
    expect(await countWarnings()).toEqual([5])
    expect(await countWarnings()).toEqual([])
  })

  test('a raised limit counts for the next message', async () => {
    const userId = await addUser()
    const quota = await addQuota({ scope: 'everyone', measure: 'messages', period: 'day', hardLimit: 0 })
    expect((await tryAsk(userId))?.code).toBe('quota_exceeded')
    await bench.administration.changeLimits(quota.id, { softLimit: null, hardLimit: 1 }, async () => undefined)
    expect(await tryAsk(userId)).toBeNull()
  })

  test('what is deleted while it runs is booked as reserved, once', async () => {
    const [userId, agentId] = [await addUser(), await addAgent()]
    const subject = { scope: 'agent', subjectId: agentId } as const
    const tokens = await addQuota({ ...subject, measure: 'tokens', period: 'day', hardLimit: 100_000 })
    const running = await addQuota({ ...subject, measure: 'running', period: 'now', hardLimit: 10 })
    const asked = await Promise.all([
      ask(userId, { agentId }),
      ask(userId, { agentId }),
      ask(await addUser(), { agentId }),
    ])
    // As if the person had been erased; the third answer is somebody else's and goes on.
    await database.kysely.deleteFrom('generations').where('user_id', '=', userId).execute()
    expect(await Promise.all([bench.quotas.sweep(), bench.quotas.sweep()])).toContainEqual(expect.any(Number))
    expect(await bench.quotas.sweep()).toBe(0)
    expect(await readCount(tokens.id)).toEqual({ used: 2020, reserved: 1010 })
    expect(await readCount(running.id)).toEqual({ used: 0, reserved: 1 })
    await end(asked[2].generationId, complete, { inputTokens: 1, outputTokens: 2 })
    expect(await readCount(tokens.id)).toEqual({ used: 2023, reserved: 0 })
  })

  test('messages and ends that share counts and chats never wait for each other in a circle', async () => {
    const [agentId, users] = [await addAgent(), await Promise.all(Array.from({ length: 4 }, addUser))]
    const groups = [await addGroup(...users), await addGroup(...users.slice(1).reverse())]
    for (const subjectId of groups)
      for (const measure of ['messages', 'tokens'] as const)
        await addQuota({ scope: 'group', subjectId, measure, period: 'day', hardLimit: 10_000_000 })
    const quota = await addQuota({
      scope: 'agent',
      subjectId: agentId,
      measure: 'messages',
      period: 'day',
      hardLimit: 1e6,
    })
    await addQuota({ scope: 'everyone', measure: 'running', period: 'now', hardLimit: 1000 })
    const work = Array.from({ length: 240 }, async (_, index) => {
      const userId = users[index % users.length] ?? ''
      // Few chats, so that messages meet the end of the chat's other answers.
      const { generationId, isWritten } = await ask(userId, { agentId, sessionId: `shared-${index % 8}` })
      if (isWritten) await end(generationId, complete, { inputTokens: 1, outputTokens: 1 })
      return isWritten
    })
    const written = (await Promise.all(work)).filter(Boolean).length
    expect(written).toBeGreaterThan(0)
    expect(await readCount(quota.id)).toEqual({ used: written, reserved: 0 })
    expect(await database.kysely.selectFrom('quota_reservations').selectAll().execute()).toEqual([])
  })
})

test('without quotas a message is accepted by the same single statement as ever', async () => {
  const [, { database }] = opened[0] ?? expect.fail('no database')
  const bench = openQuotaBench(database)
  await bench.removeAll()
  const userId = await bench.addUser()
  statements.length = 0
  const { generationId } = await bench.ask(userId)
  expect(statements.filter((name) => name.startsWith('chat-'))).toEqual(['chat-write-accepted'])
  expect(statements.filter((name) => name.startsWith('quota'))).toEqual([])
  statements.length = 0
  await bench.end(generationId, complete)
  expect(statements).toEqual(['generation-commit'])
})
