import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createSecretBox } from '../../../backend/src/agents/secret-box.ts'
import type { AuditAct } from '../../../backend/src/audit/audit-act.ts'
import { openAuditLog, type AuditLog } from '../../../backend/src/audit/open-audit-log.ts'
import { csvHead, toCsv } from '../../../backend/src/audit/to-csv.ts'
import { createUuidV7 } from '../../../backend/src/base/ids.ts'
import { createManualClock } from '../../support/create-manual-clock.ts'
import { openTestDatabase, type Engine } from '../../support/open-test-database.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const DAY_MS = 86_400_000
const hourMs = 3_600_000

const engines: Engine[] = ['pglite', 'postgres']
const opened = new Map(await Promise.all(engines.map(async (name) => [name, await openTestDatabase(name)] as const)))

afterAll(async () => {
  for (const store of opened.values()) await store?.close()
})

function toAct(number: number, change: Partial<AuditAct> = {}): AuditAct {
  return {
    actorKind: 'user',
    actorId: `user-${number % 3}`,
    apiKeyId: null,
    action: number % 2 === 0 ? 'login.succeeded' : 'logout',
    target: { kind: 'user', id: `user-${number % 3}` },
    errorCode: null,
    address: '203.0.113.9',
    requestId: `request-${number}`,
    details: { zebra: 1, alpha: ['b', 'a'], number },
    ...change,
  }
}

describe.for(engines)('audit log on %s', (engine) => {
  const store = opened.get(engine)
  if (!store) return
  const { database } = store
  const { kysely } = database
  const clock = createManualClock()
  const seal = createSecretBox(Buffer.alloc(32, 1))
  let log: AuditLog

  function open(options: { retentionDays: number | null; sealedBy?: typeof seal } = { retentionDays: null }): AuditLog {
    const deps = { database, clock, createId: () => createUuidV7(), logger: silentLogger }
    return openAuditLog({ ...deps, seal: options.sealedBy ?? seal }, { retentionDays: options.retentionDays })
  }

  async function recordMany(count: number): Promise<void> {
    for (let number = 1; number <= count; number += 1) await log.record(toAct(number))
  }

  beforeEach(async () => {
    await kysely.deleteFrom('audit_logs').execute()
    await kysely.deleteFrom('audit_keys').execute()
    await kysely.deleteFrom('users').execute()
    const empty = { last_seq: 0, last_hash: '', anchor_seq: 0, anchor_hash: '', kept_count: 0, key_id: null, mac: null }
    await kysely.updateTable('audit_chain').set(empty).execute()
    log = open()
  })

  test('an empty log verifies, and so does one of several instances that write at once, without a gap', async () => {
    expect(await log.verify()).toEqual({ rows: 0, problems: [] })
    const other = open()
    await Promise.all(
      Array.from({ length: 120 }, (_, number) => (number % 2 === 0 ? log : other).record(toAct(number))),
    )
    expect(await log.verify()).toEqual({ rows: 120, problems: [] })
    const { entries } = await log.list({ limit: 200 })
    expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 120 }, (_, index) => 120 - index))
    expect(new Set(entries.map((entry) => entry.requestId)).size).toBe(120)
  })

  const changes = {
    at: sql`at + interval '1 microsecond'`,
    actor_kind: sql`'system'`,
    actor_id: sql`'somebody'`,
    api_key_id: sql`'key'`,
    action: sql`'logout'`,
    target_kind: sql`'agent'`,
    target_id: sql`NULL`,
    outcome: sql`'failure'`,
    error_code: sql`'forbidden'`,
    address: sql`'198.51.100.1'`,
    request_id: sql`'other'`,
    details: sql`'{"zebra": 2, "alpha": ["b", "a"], "number": 2}'::jsonb`,
    previous_hash: sql`'00'`,
    hash: sql`'00'`,
  }
  test.for(Object.entries(changes))('a row whose %s was changed is found', async ([column, value]) => {
    await recordMany(4)
    await sql`UPDATE audit_logs SET ${sql.ref(column)} = ${value} WHERE seq = 2`.execute(kysely)
    expect((await log.verify()).problems).toContain('Row 2 was changed.')
  })

  test('order and spaces of stored details do not matter', async () => {
    await recordMany(2)
    await sql`UPDATE audit_logs SET details = ${'{ "alpha": ["b","a"],  "number": 2, "zebra": 1 }'}::jsonb WHERE seq = 2`.execute(
      kysely,
    )
    expect((await log.verify()).problems).toEqual([])
  })

  test('rows that were removed are found: in the middle, at the beginning, at the end', async () => {
    await recordMany(6)
    await kysely.deleteFrom('audit_logs').where('seq', '=', 3).execute()
    expect((await log.verify()).problems).toEqual(['Row 3 is missing.'])
    await kysely.deleteFrom('audit_logs').where('seq', '<', 3).execute()
    expect((await log.verify()).problems).toEqual(['Rows 1 to 3 are missing.'])
    await kysely.deleteFrom('audit_logs').where('seq', '>', 5).execute()
    expect((await log.verify()).problems).toEqual(['Rows 1 to 3 are missing.', 'Rows 6 to 6 are missing.'])
  })

  test('an end, or an anchor, that was moved to hide a removal is found', async () => {
    await recordMany(6)
    const fifth = await kysely.selectFrom('audit_logs').select('hash').where('seq', '=', 5).executeTakeFirstOrThrow()
    await kysely.deleteFrom('audit_logs').where('seq', '=', 6).execute()
    await kysely.updateTable('audit_chain').set({ last_seq: 5, last_hash: fifth.hash }).execute()
    expect((await log.verify()).problems).toEqual(['The end of the chain was changed.'])
  })

  test('rows in another order, and rows put behind the end, are found', async () => {
    await recordMany(4)
    await kysely.updateTable('audit_logs').set({ seq: 99 }).where('seq', '=', 2).execute()
    await kysely.updateTable('audit_logs').set({ seq: 2 }).where('seq', '=', 3).execute()
    await kysely.updateTable('audit_logs').set({ seq: 3 }).where('seq', '=', 99).execute()
    const { problems } = await log.verify()
    expect(problems).toContain('Row 2 was changed.')
    expect(problems).toContain('Row 3 does not follow the row before it.')
    await kysely.updateTable('audit_logs').set({ seq: 9 }).where('seq', '=', 4).execute()
    expect((await log.verify()).problems).toContain('1 rows were put behind the end of the chain.')
  })

  test('an act that is part of a transaction shares its fate', async () => {
    const failing = database.transaction(async (trx) => {
      await log.recordIn(trx, toAct(1))
      throw new Error('the act failed')
    })
    await expect(failing).rejects.toThrow('the act failed')
    expect((await log.list({})).entries).toEqual([])
    await database.transaction((trx) => log.recordIn(trx, toAct(2)))
    expect(await log.verify()).toEqual({ rows: 1, problems: [] })
  })

  test('with another secret the log goes on, and says what it cannot check', async () => {
    await recordMany(2)
    const other = open({ retentionDays: null, sealedBy: createSecretBox(Buffer.alloc(32, 2)) })
    await other.record(toAct(3))
    const { rows, problems } = await other.verify()
    expect(rows).toBe(3)
    expect(problems).toEqual([
      'Row 1 cannot be checked: its key was sealed with another secret.',
      'Row 2 cannot be checked: its key was sealed with another secret.',
    ])
  })

  test('filters by each field, in pages that neither double nor skip', async () => {
    const startMs = clock.nowMs()
    await recordMany(5)
    clock.pass(DAY_MS)
    await log.record(toAct(6, { errorCode: 'forbidden', target: { kind: 'agent', id: 'a1' } }))
    const list = async (filter: Parameters<AuditLog['list']>[0]) =>
      (await log.list(filter)).entries.map((entry) => entry.seq)
    expect(await list({ actorId: 'user-1' })).toEqual([4, 1])
    expect(await list({ action: 'logout' })).toEqual([5, 3, 1])
    expect(await list({ targetKind: 'agent', targetId: 'a1' })).toEqual([6])
    expect(await list({ outcome: 'failure' })).toEqual([6])
    expect(await list({ from: new Date(startMs + DAY_MS).toISOString() })).toEqual([6])
    expect(await list({ until: '0396-06-29T06:08:48.004-21:07' })).toEqual([])
    expect(await list({ until: new Date(startMs + DAY_MS).toISOString(), action: 'login.succeeded' })).toEqual([4, 2])
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const page = await log.list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...page.entries.map((entry) => entry.seq))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual([6, 5, 4, 3, 2, 1])
    await expect(log.list({ cursor: "1' OR true" })).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test('an export has all rows, the oldest first, and no cell that a spreadsheet would run', async () => {
    await recordMany(2)
    await log.record(toAct(3, { details: { name: 'a "quoted", one' }, requestId: '=HYPERLINK("x")' }))
    let csv = csvHead
    for await (const page of log.read({})) csv += toCsv(page)
    const lines = csv.trimEnd().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines[1]).toMatch(/^1,\d{4}-.*Z,user,user-1,,logout,user,user-1,success,,203\.0\.113\.9,request-1,/)
    expect(lines[3]).toContain(`"'=HYPERLINK(""x"")"`)
    expect(lines[3]).toContain(`"{""name"":""a \\""quoted\\"", one""}"`)
  })

  test('old rows go but for those on legal hold, the rest verifies, and a removal among the kept is found', async () => {
    const kept = { id: 'user-1', email: 'u1@example.com', name: 'U', password_hash: 'x', role: 'member' as const }
    await kysely
      .insertInto('users')
      .values({ ...kept, is_on_legal_hold: true })
      .execute()
    await recordMany(7)
    clock.pass(10 * DAY_MS)
    await log.record(toAct(8))
    const keeping = open({ retentionDays: 7 })
    const listSeqs = async () => (await keeping.list({})).entries.map((entry) => entry.seq)
    clock.pass(hourMs)
    await expect.poll(listSeqs).toEqual([9, 8, 7, 4, 1])
    expect((await keeping.list({ action: 'audit.retention-applied' })).entries[0]?.details).toEqual({
      removed: 4,
      kept: 3,
    })
    expect(await keeping.verify()).toEqual({ rows: 5, problems: [] })

    await kysely.deleteFrom('audit_logs').where('seq', '=', 4).execute()
    expect((await keeping.verify()).problems).toEqual(['Of 3 rows that were kept, 2 are there.'])
    await kysely.updateTable('audit_chain').set({ kept_count: 2 }).execute()
    expect((await keeping.verify()).problems).toEqual(['The end of the chain was changed.'])
    await keeping.close()
  })

  test('a hold that was lifted no longer keeps anything', async () => {
    const kept = { id: 'user-1', email: 'u1@example.com', name: 'U', password_hash: 'x', role: 'member' as const }
    await kysely
      .insertInto('users')
      .values({ ...kept, is_on_legal_hold: true })
      .execute()
    await recordMany(4)
    clock.pass(10 * DAY_MS)
    const keeping = open({ retentionDays: 7 })
    const listSeqs = async () => (await keeping.list({})).entries.map((entry) => entry.seq)
    clock.pass(hourMs)
    await expect.poll(listSeqs).toEqual([5, 4, 1])
    await kysely.updateTable('users').set({ is_on_legal_hold: false }).execute()
    await expect
      .poll(async () => {
        clock.pass(hourMs)
        return listSeqs()
      })
      .toEqual([6, 5])
    expect(await keeping.verify()).toEqual({ rows: 2, problems: [] })
    await keeping.close()
  })
})
