import { emptyMessage } from '@llmchat/protocol/fold-message'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../backend/src/base/clock.ts'
import { writeAccepted } from '../../../backend/src/chat/write-accepted.ts'
import type { Database } from '../../../backend/src/db/database.ts'
import { saveCheckpoints } from '../../../backend/src/generation/generation-repository.ts'
import { openAdoption } from '../../../backend/src/generation/open-adoption.ts'
import { claimOrphans, isOwned } from '../../../backend/src/generation/ownership-repository.ts'
import { openMemoryStreamLog } from '../../../backend/src/stream-log/memory-stream-log.ts'
import { openTestDatabase, type Engine } from '../../support/open-test-database.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const opened: [Engine, Database][] = []
const closers: (() => Promise<void>)[] = []
for (const engine of ['pglite', 'postgres'] as const) {
  const store = await openTestDatabase(engine)
  if (store === null) continue
  const user = { id: 'ann', email: 'ann@example.com', name: 'Ann', password_hash: 'x', role: 'member' as const }
  await store.database.kysely.insertInto('users').values(user).execute()
  opened.push([engine, store.database])
  closers.push(() => store.close())
}
afterAll(async () => {
  for (const close of closers) await close()
})

describe.each(opened)('who owns a running answer on %s', (_engine, database) => {
  let runsHere = new Set<string>()

  function openRoom(instanceId: string) {
    return openAdoption({
      database,
      logger: silentLogger,
      streamLog: openMemoryStreamLog({ clock: systemClock }),
      instanceId: () => instanceId,
      eventLoopDelayMs: () => 0,
      runsHere: (id) => runsHere.has(id),
      mayAdopt: () => true,
      findJob: () => Promise.resolve(null),
      findAgent: () => Promise.resolve(null),
      resume: (job) => runsHere.add(job.generationId),
      conclude: (job) => runsHere.add(job.generationId),
    })
  }

  async function findRow() {
    return database.kysely
      .selectFrom('generations')
      .select(['owner_instance', 'fence', 'adoptions'])
      .where('id', '=', 'generation')
      .executeTakeFirstOrThrow()
  }

  beforeEach(async () => {
    runsHere = new Set()
    await database.kysely.deleteFrom('chat_sessions').execute()
    await database.kysely.deleteFrom('generations').execute()
    await database.kysely.deleteFrom('instances').execute()
    for (const id of ['one', 'two'])
      await database.kysely.insertInto('instances').values({ id, version: '0.0.0' }).execute()
    await writeAccepted(
      { database },
      {
        userId: 'ann',
        sessionId: 'chat',
        agent: { id: 'agent', name: 'Agent' },
        question: { id: 'question', text: 'why', files: [], parentId: null },
        answerId: 'answer',
        answerParentId: 'question',
        generationId: 'generation',
        ownerInstance: 'one',
        expectedLeafId: null,
      },
    )
    const longAgo = new Date(Date.now() - 60_000)
    await database.kysely.updateTable('generations').set({ created_at: longAgo }).execute()
  })

  const toCheckpoint = (fence: number) => ({
    generationId: 'generation',
    fence,
    seq: 5,
    message: emptyMessage,
    upstream: { conversationId: 'c' },
  })

  test('a checkpoint says whether its fence held', async () => {
    expect(await saveCheckpoints({ database }, [toCheckpoint(1)])).toEqual(['generation'])
    expect(await saveCheckpoints({ database }, [toCheckpoint(2)])).toEqual([])
    expect(await isOwned({ database }, 'generation', 1)).toBe(true)
    expect(await isOwned({ database }, 'generation', 2)).toBe(false)
  })

  test('what is not run by its owner is given up at the second look, and counts as a loss', async () => {
    const room = openRoom('one')
    await room.releaseStrays()
    expect(await findRow()).toMatchObject({ owner_instance: 'one' })
    await room.releaseStrays()
    expect(await findRow()).toMatchObject({ owner_instance: '', adoptions: 0 })
    expect(await openRoom('two').adoptOrphans()).toBe(1)
    expect(await findRow()).toMatchObject({ owner_instance: 'two', fence: 2, adoptions: 1 })
  })

  test('what was claimed and does not run yet is nobody else’s', async () => {
    const room = openRoom('two')
    await database.kysely.updateTable('instances').set({ dead_at: new Date() }).where('id', '=', 'one').execute()
    expect(await claimOrphans({ database }, 'two', 10)).toHaveLength(1)
    await room.releaseStrays()
    runsHere.add('generation')
    await room.releaseStrays()
    expect(await findRow()).toMatchObject({ owner_instance: 'two', fence: 2, adoptions: 1 })
  })

  test('however many claim at the same moment, each orphan is claimed once', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `orphan-${index}`)
    for (let round = 0; round < 20; round++) {
      await database.kysely.deleteFrom('generations').execute()
      const rows = ids.map((id) => ({
        id,
        user_id: 'ann',
        message_id: id,
        agent_id: 'agent',
        owner_instance: '',
        status: 'running' as const,
      }))
      await database.kysely.insertInto('generations').values(rows).execute()
      const claims = await Promise.all(Array.from({ length: 8 }, () => claimOrphans({ database }, 'two', 25)))
      const claimed = claims.flat()
      expect(claimed.filter(({ fence }) => fence !== 2)).toEqual([])
      expect(new Set(claimed.map(({ id }) => id)).size).toBe(claimed.length)
      expect(claimed.length).toBeGreaterThanOrEqual(25)
    }
  })

  test('two looks at two ownerships are not two looks at one', async () => {
    const room = openRoom('one')
    await room.releaseStrays()
    await database.kysely.updateTable('generations').set({ fence: 3 }).execute()
    await room.releaseStrays()
    expect(await findRow()).toMatchObject({ owner_instance: 'one' })
  })
})
