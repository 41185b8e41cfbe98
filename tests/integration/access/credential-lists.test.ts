import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AdminUserPage } from '../../../packages/protocol/src/api/admin-schema.ts'
import type { ApiKeyPage, LoginSessionPage } from '../../../packages/protocol/src/api/credential-list-schema.ts'
import { openAccessApp, type AccessApp, type AccessPerson } from './open-access-app.ts'

const opened = await openAccessApp()

describe.for(opened ? [opened] : [])('lists of how everybody gets in', (access: AccessApp) => {
  let admin: AccessPerson

  beforeAll(async () => {
    admin = await access.signIn('admin')
  })
  afterAll(() => access.close())

  async function get<Page>(path: string): Promise<Page> {
    const reply = await admin.client.request(path)
    expect(reply.status, reply.text).toBe(200)
    return reply.json() as Page
  }

  /** All pages, two rows each. */
  async function listAll<Page extends { nextCursor: string | null }, Row>(
    path: string,
    toRows: (page: Page) => Row[],
  ): Promise<Row[]> {
    const rows: Row[] = []
    let cursor: string | null = ''
    for (let pages = 0; cursor !== null && pages < 20; pages++) {
      const page: Page = await get(`${path}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      expect(toRows(page).length).toBeLessThanOrEqual(2)
      rows.push(...toRows(page))
      cursor = page.nextCursor
    }
    return rows
  }

  const listSessions = (q: string) =>
    listAll<LoginSessionPage, LoginSessionPage['loginSessions'][number]>(
      `/api/admin/login-sessions?q=${q}`,
      (page) => page.loginSessions,
    )
  const listKeys = (q: string) =>
    listAll<ApiKeyPage, ApiKeyPage['apiKeys'][number]>(`/api/admin/api-keys?q=${q}`, (page) => page.apiKeys)

  test('login sessions come newest first, in pages, each once, without where they are', async () => {
    const people = [await access.signIn('member', 'Sesame One'), await access.signIn('auditor', 'Sesame Two')]
    for (const { email } of [...people, ...people]) await access.signInAgain(email)
    const found = await listSessions('sesame')
    expect(found).toHaveLength(6)
    expect(new Set(found.map(({ id }) => id)).size).toBe(6)
    const times = found.map(({ createdAt }) => createdAt)
    expect(times).toEqual(times.toSorted().reverse())
    expect(found.map(({ owner }) => owner.id).sort()).toEqual(
      people.flatMap(({ userId }) => [userId, userId, userId]).sort(),
    )
    expect(Object.keys(found[0] ?? {}).sort()).toEqual(['createdAt', 'expiresAt', 'id', 'lastSeenAt', 'owner'])
  })

  test('a login session that has ended, or was not used for too long, is not in the list', async () => {
    const person = await access.signIn('member', 'Gone Gladys')
    await access.signInAgain(person.email)
    expect(await listSessions('gladys')).toHaveLength(2)
    const [newest] = await listSessions('gladys')
    await access.database.kysely
      .updateTable('login_sessions')
      .set({ idle_expires_at: new Date(Date.now() - 1000) })
      .where('id', '=', newest?.id ?? '')
      .execute()
    expect(await listSessions('gladys')).toHaveLength(1)
    await admin.client.request(`/api/admin/users/${person.userId}/login-sessions`, { method: 'DELETE' })
    expect(await listSessions('gladys')).toEqual([])
  })

  test('keys come newest first, by their own name or their person; a revoked one is gone, a secret never there', async () => {
    const person = await access.signIn('member', 'Key Keeper')
    const made = []
    for (let index = 0; index < 3; index++) made.push(await access.createKey(person.userId, ['read']))
    const found = await listKeys('keeper')
    expect(found.map(({ id }) => id)).toEqual(made.map(({ id }) => id).reverse())
    expect(found[0]).toMatchObject({ owner: { id: person.userId, email: person.email, name: 'Key Keeper' } })
    for (const { secret } of made) expect(JSON.stringify(found)).not.toContain(secret)
    const [, second] = made
    const path = `/api/admin/users/${person.userId}/api-keys/${second?.id ?? ''}`
    expect((await admin.client.request(path, { method: 'DELETE' })).status).toBe(204)
    expect((await listKeys('keeper')).map(({ id }) => id)).not.toContain(second?.id)
    await access.database.kysely
      .updateTable('api_keys')
      .set({ name: 'weekly report' })
      .where('id', '=', made[0]?.id ?? '')
      .execute()
    expect((await listKeys('weekly')).map(({ id }) => id)).toEqual([made[0]?.id])
  })

  test('what is looked for is text, not a pattern', async () => {
    expect(await listSessions('%25')).toEqual([])
    expect(await listKeys('_')).toEqual([])
  })

  test('people can be asked for by id, and by nothing else in its place', async () => {
    const one = await access.signIn('member')
    const two = await access.signIn('member')
    const { users } = await get<AdminUserPage>(`/api/admin/users?ids=${one.userId},${two.userId},none`)
    expect(users.map(({ id }) => id).sort()).toEqual([one.userId, two.userId].sort())
    expect((await admin.client.request(`/api/admin/users?ids=,`)).status).toBe(400)
    expect((await admin.client.request(`/api/admin/users?ids=`)).status).toBe(400)
  })
})
