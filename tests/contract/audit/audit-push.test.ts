import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSecretBox } from '../../../backend/src/agents/secret-box.ts'
import type { AuditAct } from '../../../backend/src/audit/audit-act.ts'
import { openAuditLog } from '../../../backend/src/audit/open-audit-log.ts'
import { createHttpReceiver } from '../../../backend/src/audit/push/create-http-receiver.ts'
import { createSyslogReceiver } from '../../../backend/src/audit/push/create-syslog-receiver.ts'
import { openAuditPush, type AuditPush } from '../../../backend/src/audit/push/open-audit-push.ts'
import type { AuditReceiver } from '../../../backend/src/audit/push/receiver.ts'
import { createUuidV7 } from '../../../backend/src/base/ids.ts'
import type { Database } from '../../../backend/src/db/database.ts'
import { createOutboundClient } from '../../../backend/src/outbound/create-outbound-client.ts'
import { createUrlGuard } from '../../../backend/src/outbound/url-guard.ts'
import { createManualClock, type ManualClock } from '../../support/create-manual-clock.ts'
import { openTestDatabase, type Engine } from '../../support/open-test-database.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import {
  openHttpReceiver,
  openTcpSyslog,
  openTlsSyslog,
  openUdpSyslog,
  type HttpReceiver,
  type SyslogServer,
} from './syslog-servers.ts'

const opened: [Engine, Database][] = []
const closers: (() => Promise<void>)[] = []
for (const engine of ['pglite', 'postgres'] as const) {
  const store = await openTestDatabase(engine)
  if (store === null) continue
  opened.push([engine, store.database])
  closers.push(() => store.close())
}
afterAll(async () => {
  for (const close of closers) await close()
})

const dayMs = 86_400_000
const act: AuditAct = {
  actorKind: 'user',
  actorId: 'u1',
  apiKeyId: null,
  action: 'user.changed',
  target: { kind: 'user', id: 'u"2]\\' },
  errorCode: null,
  address: '203.0.113.9',
  requestId: 'r',
  details: { name: '名' },
}

describe.each(opened)('the audit log of %s, pushed', (_engine, database) => {
  const deps = {
    database,
    createId: () => createUuidV7(),
    logger: silentLogger,
    seal: createSecretBox(Buffer.alloc(32, 1)),
  }
  const ends: (() => Promise<void>)[] = []
  let clock: ManualClock
  let http: HttpReceiver

  beforeEach(async () => {
    const { kysely } = database
    await kysely.deleteFrom('audit_logs').execute()
    await kysely.deleteFrom('audit_keys').execute()
    await kysely.deleteFrom('audit_pushes').execute()
    const empty = { last_seq: 0, last_hash: '', anchor_seq: 0, anchor_hash: '', kept_count: 0, key_id: null, mac: null }
    await kysely.updateTable('audit_chain').set(empty).execute()
    clock = createManualClock(Date.now())
    http = await openHttpReceiver()
    ends.push(() => http.close())
  })
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  async function record(count: number): Promise<void> {
    const log = openAuditLog({ ...deps, clock }, { retentionDays: null })
    for (let number = 0; number < count; number++) await log.record(act)
    await log.close()
  }

  function toHttp(token: string | null = null): AuditReceiver {
    const urlGuard = createUrlGuard({ allowedHosts: [new URL(http.url).host] })
    const outbound = createOutboundClient({ urlGuard, logger: silentLogger })
    ends.push(() => outbound.close())
    return createHttpReceiver({ outbound }, { url: http.url, token })
  }

  function open(receiver: AuditReceiver, instance = 'i1'): AuditPush {
    const push = openAuditPush({ database, clock, logger: silentLogger, instanceId: () => instance }, [receiver])
    ends.push(() => push.close())
    return push
  }

  /** Time passes until what is asked for is so. */
  async function passUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
    for (let turn = 0; turn < 200; turn++) {
      if (await isSo()) return
      clock.pass(1_000)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error('it never came to be so')
  }

  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

  test('every entry arrives once and in order, by JSON lines with the token', async () => {
    await record(603)
    const push = open(toHttp('secret-token'))
    await passUntil(() => http.taken.length >= 603)
    expect(http.taken).toEqual(upTo(603))
    expect(http.authorization).toBe('Bearer secret-token')
    await passUntil(async () => (await push.listStates())[0]?.waiting === 0)
    await record(2)
    await passUntil(() => http.taken.length >= 605)
    expect(http.taken).toEqual(upTo(605))
  })

  test('one that refuses gets all of it when it is well again, and is said to fail until then', async () => {
    await record(3)
    http.status = 503
    const push = open(toHttp())
    await passUntil(async () => (await push.listStates())[0]?.failedSince instanceof Date)
    expect(await push.listStates()).toMatchObject([{ receiver: 'http', waiting: 3 }])
    expect(http.taken).toEqual([])
    http.status = 200
    await passUntil(() => http.taken.length === 3)
    await passUntil(async () => (await push.listStates())[0]?.waiting === 0)
    expect(await push.listStates()).toMatchObject([{ receiver: 'http', waiting: 0, failedSince: null }])
  })

  test('two instances push each entry once; when one dies the other goes on', async () => {
    await record(40)
    const first = open(toHttp(), 'i1')
    open(toHttp(), 'i2')
    await passUntil(() => http.taken.length >= 40)
    expect(http.taken).toEqual(upTo(40))
    // Whichever holds the lease: after its end, and the end of the lease, the other one has it.
    await first.close()
    await database.query(
      { name: 'test-end-lease', text: "UPDATE audit_pushes SET leased_until = now() - interval '1 s'" },
      [],
    )
    await record(5)
    await passUntil(() => http.taken.length >= 45)
    expect(http.taken).toEqual(upTo(45))
  })

  test('what a receiver has not taken outlives the retention', async () => {
    await record(4)
    const log = openAuditLog({ ...deps, clock }, { retentionDays: 1, receivers: ['http'] })
    ends.push(() => log.close())
    const countOld = async (): Promise<number> =>
      (await database.kysely.selectFrom('audit_logs').select('seq').where('seq', '<=', 4).execute()).length
    await clock.passAsync(3 * dayMs)
    expect(await countOld()).toBe(4)
    open(toHttp())
    await passUntil(() => http.taken.length >= 4)
    await passUntil(async () => {
      clock.pass(3_600_000)
      return (await countOld()) === 0
    })
    expect((await log.verify()).problems).toEqual([])
  })

  const transports: ['tcp' | 'tls' | 'udp', () => Promise<SyslogServer>][] = [
    ['tcp', () => openTcpSyslog()],
    ['tls', openTlsSyslog],
    ['udp', openUdpSyslog],
  ]

  test.each(transports)('as syslog by %s', async (transport, openServer) => {
    await record(30)
    const server = await openServer()
    ends.push(() => server.close())
    const { port, ca } = server
    open(createSyslogReceiver({ transport, host: '127.0.0.1', port, ...(ca === undefined ? {} : { ca }) }))
    await passUntil(() => server.lines.length >= 30)
    const pattern =
      /^<110>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ llmchat - user\.changed \[audit@32473 seq="(\d+)" actorKind="user" actorId="u1" targetKind="user" targetId="u\\"2\\]\\\\" outcome="success" address="203\.0\.113\.9"\] (\{.*\})$/
    const read = server.lines.map((line) => pattern.exec(line))
    expect(read.map((found) => Number(found?.[1]))).toEqual(upTo(30))
    expect(JSON.parse(read[0]?.[2] ?? '')).toMatchObject({ seq: 1, details: { name: '名' } })
  })

  test('a certificate that nobody vouches for is refused, and nothing goes out', async () => {
    await record(1)
    const server = await openTlsSyslog()
    ends.push(() => server.close())
    const push = open(createSyslogReceiver({ transport: 'tls', host: '127.0.0.1', port: server.port }))
    await passUntil(async () => (await push.listStates())[0]?.failedSince instanceof Date)
    expect(server.lines).toEqual([])
  })

  test('a syslog that is away gets it all when it is there', async () => {
    await record(3)
    const first = await openTcpSyslog()
    const { port } = first
    await first.close()
    const push = open(createSyslogReceiver({ transport: 'tcp', host: '127.0.0.1', port }))
    await passUntil(async () => (await push.listStates())[0]?.failedSince instanceof Date)
    expect((await push.listStates())[0]?.waiting).toBe(3)
    const second = await openTcpSyslog(port)
    ends.push(() => second.close())
    await passUntil(() => second.lines.length === 3)
    await passUntil(async () => (await push.listStates())[0]?.failedSince === null)
  })
})
