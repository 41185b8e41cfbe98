import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { CreateQuotaRequest } from '../../packages/protocol/src/api/quota-schema.ts'
import { emptyMessage } from '../../packages/protocol/src/fold-message.ts'
import { createUuidV7 } from '../../backend/src/base/ids.ts'
import { systemClock } from '../../backend/src/base/clock.ts'
import { openMemoryCache } from '../../backend/src/cache/open-cache.ts'
import { writeAccepted } from '../../backend/src/chat/write-accepted.ts'
import { migrateDatabase } from '../../backend/src/db/migrate.ts'
import { allMigrations } from '../../backend/src/db/migrations/all-migrations.ts'
import { openDatabase } from '../../backend/src/db/open-database.ts'
import { commitFinal } from '../../backend/src/generation/generation-repository.ts'
import { createQuotaAdministration } from '../../backend/src/quotas/quota-administration.ts'
import { createQuotaWindows } from '../../backend/src/quotas/quota-windows.ts'
import { createQuotas } from '../../backend/src/quotas/quotas.ts'
import { openPostgresServer } from '../support/postgres-server.ts'
import { silentLogger } from '../support/silent-logger.ts'

const help = `npm run bench:quotas -- [--messages 4000] [--at-once 200] [--people 500]

What quotas add to accepting a message and to committing its end, on a durable PostgreSQL of its own with 50 connections:
without quotas, with one count per person, with one count that all share, with all kinds. One JSON line per case.
`

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '4000' },
    'at-once': { type: 'string', default: '200' },
    people: { type: 'string', default: '500' },
    help: { type: 'boolean', default: false },
  },
})

/** Starts `count` pieces of work, `atOnce` at any time; how long each took, and all together, ms. */
async function measure(count: number, atOnce: number, work: (index: number) => Promise<unknown>) {
  const times: number[] = []
  let next = 0
  const startMs = performance.now()
  const worker = async () => {
    for (let index = next++; index < count; index = next++) {
      const beginMs = performance.now()
      await work(index)
      times.push(performance.now() - beginMs)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  const allMs = performance.now() - startMs
  times.sort((left, right) => left - right)
  const pick = (share: number) => Math.round((times[Math.floor(share * (times.length - 1))] ?? 0) * 10) / 10
  return { perSecond: Math.round((count / allMs) * 1000), p50Ms: pick(0.5), p95Ms: pick(0.95), p99Ms: pick(0.99) }
}

async function run(): Promise<void> {
  const server = await openPostgresServer({ isDurable: true, sharedBuffers: '256MB' })
  if (server === null) throw new Error('no PostgreSQL under /usr/lib/postgresql')
  const database = await openDatabase(
    { databaseUrl: server.url, databasePoolMax: 50, dataDir: '' },
    { logger: silentLogger },
  )
  const cache = openMemoryCache({ clock: systemClock })
  const windows = createQuotaWindows('UTC')
  const place = { currency: 'USD', timeZone: 'UTC', windows }
  const deps = { database, cache, clock: systemClock, createId: createUuidV7, ...place }
  try {
    await migrateDatabase(database, allMigrations, { logger: silentLogger, appVersion: '0.0.0' })
    const people = Array.from({ length: Number(values.people) }, () => createUuidV7())
    const rows = people.map((id) => ({
      id,
      email: `${id}@example.com`,
      name: id,
      password_hash: 'x',
      role: 'member' as const,
    }))
    await database.kysely.insertInto('users').values(rows).execute()
    await database.kysely.insertInto('groups').values({ id: 'group', name: 'group' }).execute()
    const members = people.map((user_id) => ({ group_id: 'group', user_id }))
    await database.kysely.insertInto('group_members').values(members).execute()
    const agent = { id: 'agent', name: 'Agent', provider: 'openai', base_url: 'http://127.0.0.1:9' } as const
    await database.kysely
      .insertInto('agent_configs')
      .values({ ...agent, origin: 'admin' })
      .execute()
    const quotas = createQuotas({ ...deps, reservedOutputTokens: 1000 })
    const administration = createQuotaAdministration(deps)
    const ask = async (index: number): Promise<string> => {
      const [userId, questionId, generationId] = [people[index % people.length] ?? '', randomUUID(), createUuidV7()]
      const accepted = {
        userId,
        sessionId: randomUUID(),
        agent: { id: 'agent', name: 'Agent' },
        question: { id: questionId, text: 'why', files: [], parentId: null },
        answerId: randomUUID(),
        answerParentId: questionId,
        generationId,
        ownerInstance: 'instance',
        expectedLeafId: null,
      }
      const { isWritten } = await quotas.reserve(
        () => ({ input: 100, maxOutput: null }),
        (addition) => writeAccepted({ database }, accepted, addition),
      )
      if (!isWritten) throw new Error('not accepted')
      return generationId
    }
    const end = (generationId: string) =>
      commitFinal(
        { database },
        {
          generationId,
          fence: 1,
          finalSeq: 9,
          delivery: { state: 'complete', finishReason: 'stop' },
          message: emptyMessage,
          usage: { inputTokens: 100, outputTokens: 200, isEstimated: false },
          timing: { queuedMs: 0, connectMs: 0, firstContentMs: 0, totalMs: 0 },
          upstream: {},
          hasMessage: true,
          isResultStored: false,
        },
      )
    const hardLimit = 1_000_000_000
    const own: CreateQuotaRequest = { scope: 'everyone', measure: 'messages', period: 'day', hardLimit }
    const shared: CreateQuotaRequest = { ...own, scope: 'agent', subjectId: 'agent' }
    const all: CreateQuotaRequest[] = [
      own,
      shared,
      { ...own, measure: 'tokens', period: 'month' },
      { ...own, measure: 'running', period: 'now' },
      { ...own, scope: 'group', subjectId: 'group', measure: 'money', period: 'month' },
      { ...own, scope: 'group-member', subjectId: 'group', measure: 'tokens' },
    ]
    const cases: [string, CreateQuotaRequest[]][] = [
      ['none (warm-up)', []],
      ['none', []],
      ['one count per person', [own]],
      ['one count that all share', [shared]],
      ['six, two of them shared', all],
    ]
    for (const [name, wanted] of cases) {
      for (const quota of wanted) await administration.createQuota(quota, async () => undefined)
      const ids: string[] = []
      const [count, atOnce] = [Number(values.messages), Number(values['at-once'])]
      const accept = await measure(count, atOnce, async (index) => ids.push(await ask(index)))
      const commit = await measure(count, atOnce, (index) => end(ids[index] ?? ''))
      process.stdout.write(`${JSON.stringify({ quotas: name, accept, commit })}\n`)
      await database.kysely.deleteFrom('quotas').execute()
      await cache.del('quotas:any')
    }
  } finally {
    await database.close()
    await server.close()
  }
}

if (values.help) process.stdout.write(help)
else await run()
