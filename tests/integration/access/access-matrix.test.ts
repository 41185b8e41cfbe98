import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiKeyScope } from '../../../packages/protocol/src/api/user-schema.ts'
import { createHttpClient, type HttpClient, type HttpRequestOptions } from '../../support/create-http-client.ts'
import { seedSession } from '../../support/seed-chat.ts'
import { compareAccess, type Asker, type MatrixRow, type Route } from './access-matrix.ts'
import { accessRows } from './access-rows.ts'
import { openAccessApp, type AccessPerson } from './open-access-app.ts'

const opened = await openAccessApp()

/** Whoever asked these successfully has to sign in again. */
const endsLogin = new Set(['POST /api/auth/logout', 'DELETE /api/auth/login-sessions'])

/** A program on this machine may see figures; here everybody comes from elsewhere. */
const fromElsewhere = { 'x-forwarded-for': '203.0.113.9' }

describe.for(opened ? [opened] : [])('access matrix', (access) => {
  const { app, database } = access
  const people = new Map<Asker, AccessPerson>()

  beforeAll(async () => {
    const roles = {
      other: 'member',
      member: 'member',
      auditor: 'auditor',
      operator: 'operator',
      admin: 'admin',
    } as const
    for (const [asker, role] of Object.entries(roles)) people.set(asker as Asker, await access.signIn(role, asker))
  })
  afterAll(() => access.close())

  function getPerson(asker: Asker): AccessPerson {
    const person = people.get(asker)
    if (person === undefined) throw new Error(`nobody is ${asker}`)
    return person
  }

  /** Makes what a name in braces stands for; gives its id. */
  const makers = {
    async chat() {
      const id = randomUUID()
      await seedSession(database, { userId: getPerson('member').userId, id })
      return id
    },
    async answered() {
      const sessionId = await makers.chat()
      const userId = getPerson('member').userId
      const ids = { id: randomUUID(), user_id: userId, session_id: sessionId, message_id: randomUUID() }
      const ended = { agent_id: 'gone', owner_instance: 'gone', status: 'complete', log_closed: true } as const
      await database.kysely
        .insertInto('generations')
        .values({ ...ids, ...ended, delivery: JSON.stringify({ state: 'complete', finishReason: 'stop' }) })
        .execute()
      return sessionId
    },
    async user() {
      const id = randomUUID()
      const user = { id, email: `${id}@example.com`, name: 'Somebody', password_hash: 'x', role: 'member' as const }
      await database.kysely.insertInto('users').values(user).execute()
      return id
    },
    async group() {
      const id = randomUUID()
      await database.kysely.insertInto('groups').values({ id, name: id }).execute()
      return id
    },
    async agent() {
      const id = randomUUID()
      const agent = { id, name: id, provider: 'openai', base_url: 'http://127.0.0.1:9/v1', origin: 'admin' } as const
      await database.kysely.insertInto('agent_configs').values(agent).execute()
      return id
    },
    async quota() {
      const id = randomUUID()
      const group_id = await makers.group()
      const quota = { id, scope: 'group', group_id, measure: 'messages', period: 'day', hard_limit: 1 } as const
      await database.kysely.insertInto('quotas').values(quota).execute()
      return id
    },
    async upload() {
      const reply = await getPerson('member').client.request('/api/uploads', { rawBody: 'a file' })
      return (reply.json() as { id: string }).id
    },
    key: async () => (await access.createKey(getPerson('member').userId, ['read'])).id,
  }

  async function fill(path: string): Promise<string> {
    let filled = path
    for (const [braced, name = ''] of path.matchAll(/\{(\w+)\}/g)) {
      const make = (makers as Record<string, (() => Promise<string>) | undefined>)[name]
      if (make === undefined) throw new Error(`nothing makes ${braced}`)
      filled = filled.replace(braced, await make())
    }
    return filled
  }

  function findClient(asker: Asker): HttpClient {
    return asker === 'none' || asker === 'junk' ? createHttpClient(app.url) : getPerson(asker).client
  }

  function toOptions(route: Route, row: MatrixRow, token: string | null): HttpRequestOptions {
    return {
      method: route.method,
      ...(row.body === undefined ? {} : { body: row.body }),
      headers: { ...fromElsewhere, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    }
  }

  async function ask(route: Route, row: MatrixRow, asker: Asker): Promise<number> {
    const options = toOptions(route, row, asker === 'junk' ? 'lc_junk' : null)
    const { status } = await findClient(asker).request(await fill(row.path ?? route.url), options)
    const person = people.get(asker)
    if (person && endsLogin.has(`${route.method} ${route.url}`))
      people.set(asker, { ...person, client: await access.signInAgain(person.email) })
    return status
  }

  // Pages that are not built have no route.
  const isBuilt = app.listRoutes().some((route) => route.url === '/*')
  const rows = Object.fromEntries(Object.entries(accessRows).filter(([name]) => isBuilt || name !== 'GET /*'))

  function listRoutes(): readonly Route[] {
    return app.listRoutes().filter((route) => route.method !== 'HEAD')
  }

  test('every route answers everybody exactly as its row says', async () => {
    expect(await compareAccess(listRoutes(), rows, ask)).toEqual([])
  }, 120_000)

  test('HEAD is refused wherever GET is', async () => {
    const heads = app.listRoutes().filter((route) => route.method === 'HEAD')
    const gets = listRoutes().filter((route) => route.method === 'GET')
    expect(heads.map((route) => route.url).sort()).toEqual(gets.map((route) => route.url).sort())
    for (const route of heads) {
      const row = accessRows[`GET ${route.url}`]
      if (row === undefined) throw new Error(`no row for ${route.url}`)
      expect(await ask(route, row, 'none'), route.url).toBe(row.statuses[0])
      expect(await ask(route, row, 'member'), route.url).toBe(row.statuses[3])
    }
  }, 120_000)

  // By the names of the policies, which the matrix has held to their deeds.
  test.each<[ApiKeyScope, RegExp]>([
    ['chat', /^(anyone|is-signed-in\(.*chat.*\))$/],
    ['read', /^(anyone|is-signed-in\(.*read.*\))$/],
    ['admin', /^(anyone|is-operator|require-role\(.*|is-signed-in\(.*admin.*\))$/],
    ['scim', /^(anyone|may-provision)$/],
  ])(
    'an API key of an admin with the scope %s alone does that and no more',
    async (scope, allowed) => {
      const { secret } = await access.createKey(getPerson('admin').userId, [scope])
      for (const route of app.listRoutes().filter(({ method }) => method !== 'HEAD')) {
        const name = `${route.method} ${route.url}`
        const row = accessRows[name]
        if (row === undefined || route.policy === 'is-command-line') continue
        const options = toOptions(route, row, secret)
        const reply = await createHttpClient(app.url).request(await fill(row.path ?? route.url), options)
        const expected = allowed.test(route.policy) ? (row.byScim ?? row.statuses[6]) : 403
        expect([name, reply.status]).toEqual([name, expected])
      }
    },
    120_000,
  )

  test('the check itself sees an opened door, a route without a row and a row without a route', async () => {
    const changed = {
      ...accessRows,
      // As if the list had lost its policy: it answers, where a refusal is expected.
      'GET /api/auth/state': { statuses: [401, 401, 200, 200, 200, 200, 200] as const },
      'GET /api/gone': { statuses: [404, 404, 404, 404, 404, 404, 404] as const },
    }
    const routes = [
      { method: 'GET', url: '/api/auth/state' },
      { method: 'GET', url: '/api/new' },
    ]
    const findings = await compareAccess(routes, changed, ask)
    expect(findings).toContain('GET /api/auth/state for none: 200, not 401')
    expect(findings).toContain('GET /api/new has no row')
    expect(findings).toContain('GET /api/gone is no route')
  })
})
