import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHttpClient, type HttpReply } from '../../support/create-http-client.ts'
import { openAccessApp, password, type AccessApp } from '../access/open-access-app.ts'

const opened = await openAccessApp({ PUBLIC_URL: 'http://chat.example' })

type Json = Record<string, unknown>
interface List {
  totalResults: number
  startIndex: number
  itemsPerPage: number
  Resources: (Json & { id: string })[]
}

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

describe.for(opened ? [opened] : [])('SCIM', (access: AccessApp) => {
  const { app, database } = access
  let secret = ''

  beforeAll(async () => {
    const admin = await access.signIn('admin')
    secret = (await access.createKey(admin.userId, ['scim'])).secret
  })
  afterAll(() => access.close())

  function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<HttpReply> {
    return createHttpClient(app.url).request(`/scim/v2${path}`, {
      method,
      ...(body === undefined ? {} : { rawBody: JSON.stringify(body) }),
      headers: {
        authorization: `Bearer ${secret}`,
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
    })
  }

  const patch = (path: string, ...Operations: unknown[]) => ask('PATCH', path, { schemas: [patchSchema], Operations })

  /** As Entra sends it. */
  function toUser(name: string, changes: Json = {}): Json {
    return {
      schemas: [userSchema, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'],
      externalId: `ext-${name}`,
      userName: `${name}@corp.example`,
      active: true,
      emails: [{ primary: true, type: 'work', value: `${name}@corp.example` }],
      meta: { resourceType: 'User' },
      name: { formatted: name, givenName: name, familyName: 'Test' },
      displayName: name,
      roles: [],
      ...changes,
    }
  }

  async function createUser(name: string, changes: Json = {}): Promise<Json & { id: string }> {
    const reply = await ask('POST', '/Users', toUser(name, changes))
    expect([reply.status, reply.text]).toEqual([201, expect.any(String)])
    return reply.json() as Json & { id: string }
  }

  async function list(path: string): Promise<List> {
    const reply = await ask('GET', path)
    expect(reply.status).toBe(200)
    return reply.json() as List
  }

  const find = async (resource: string, filter: string) =>
    (await list(`/${resource}?filter=${encodeURIComponent(filter)}`)).Resources.map((each) => each.id)

  test('says what it can do', async () => {
    const config = await ask('GET', '/ServiceProviderConfig')
    expect(config.headers.get('content-type')).toMatch(/^application\/scim\+json/)
    expect(config.json()).toMatchObject({
      patch: { supported: true },
      etag: { supported: true },
      bulk: { supported: false },
    })
    const types = await list('/ResourceTypes')
    expect(types.Resources.map((type) => type['endpoint'])).toEqual(['/Users', '/Groups'])
    const schema = await ask('GET', `/Schemas/${userSchema}`)
    expect(schema.json()).toMatchObject({ id: userSchema, name: 'User' })
  })

  test('makes an account that has no password here', async () => {
    const made = await createUser('amy')
    expect(made).toMatchObject({
      schemas: [userSchema],
      userName: 'amy@corp.example',
      externalId: 'ext-amy',
      displayName: 'amy',
      active: true,
      meta: { resourceType: 'User', location: `http://chat.example/scim/v2/Users/${made.id}` },
    })
    const row = await database.kysely.selectFrom('users').selectAll().where('id', '=', made.id).executeTakeFirst()
    expect(row).toMatchObject({ email: 'amy@corp.example', role: 'member', source: 'scim', password_hash: null })
    const body = { email: 'amy@corp.example', password }
    expect((await createHttpClient(app.url).request('/api/auth/login', { body })).status).toBe(401)
    const again = await ask('POST', '/Users', toUser('AMY', { emails: [{ value: 'other@corp.example' }] }))
    expect([again.status, again.json()]).toEqual([
      409,
      {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        scimType: 'uniqueness',
        status: '409',
        detail: expect.any(String) as string,
      },
    ])
    const act = await database.kysely
      .selectFrom('audit_logs')
      .select(['action', 'details', 'api_key_id'])
      .where('target_id', '=', made.id)
      .executeTakeFirst()
    expect(act).toMatchObject({ action: 'user.created', details: { source: 'scim' } })
    expect(act?.api_key_id).toBeTruthy()
  })

  test('finds people the way directories ask for them', async () => {
    const bea = await createUser('bea')
    const local = await access.signIn('member')
    for (const filter of [
      'userName eq "BEA@corp.example"',
      'externalId eq "ext-bea"',
      `id eq "${bea.id}"`,
      'emails.value eq "bea@corp.example"',
      'emails[type eq "work"].value eq "bea@corp.example"',
      'emails[type eq "work" and value eq "bea@corp.example"]',
      'userName eq "bea@corp.example" and externalId eq "ext-bea"',
      'displayName sw "be" and not (displayName co "x") and active eq "True"',
      'userName eq "nobody" or externalId eq "ext-bea"',
      `${userSchema}:userName eq "bea@corp.example"`,
      'name.givenName eq "bea" and externalId pr and meta.created gt "2020-01-01T00:00:00Z"',
    ]) {
      expect([filter, await find('Users', filter)]).toEqual([filter, [bea.id]])
    }
    // Somebody who was made here is found by address, to be taken over.
    expect(await find('Users', `userName eq "${local.email}"`)).toEqual([local.userId])
    expect(await find('Users', 'externalId eq "EXT-BEA"')).toEqual([])
    expect(await find('Users', `userName eq "x' OR 1=1 --"`)).toEqual([])
  })

  test.each([
    'userName',
    'userName eq',
    'password eq "x"',
    'userName eq 1',
    `${'('.repeat(200)}id pr`,
    'userName gt true',
  ])('refuses the filter %s', async (filter) => {
    const reply = await ask('GET', `/Users?filter=${encodeURIComponent(filter)}`)
    expect([reply.status, reply.json()]).toMatchObject([400, { scimType: 'invalidFilter', status: '400' }])
  })

  test('gives pages that together are everybody, and what was asked for alone', async () => {
    for (const name of ['p1', 'p2', 'p3']) await createUser(name)
    const filter = encodeURIComponent('externalId sw "ext-p"')
    const pages = [
      await list(`/Users?filter=${filter}&startIndex=1&count=2`),
      await list(`/Users?filter=${filter}&startIndex=3&count=2`),
    ]
    expect(pages.map(({ totalResults, startIndex, itemsPerPage }) => [totalResults, startIndex, itemsPerPage])).toEqual(
      [
        [3, 1, 2],
        [3, 3, 1],
      ],
    )
    expect(pages.flatMap((page) => page.Resources.map((each) => each['externalId']))).toEqual([
      'ext-p1',
      'ext-p2',
      'ext-p3',
    ])
    const none = await list(`/Users?filter=${filter}&startIndex=-5&count=0`)
    expect(none).toMatchObject({ totalResults: 3, startIndex: 1, itemsPerPage: 0, Resources: [] })
    const [only] = (await list(`/Users?filter=${filter}&count=1&attributes=userName`)).Resources
    expect(Object.keys(only ?? {}).sort()).toEqual(['id', 'meta', 'schemas', 'userName'])
  })

  test.each<[string, (id: string) => Promise<HttpReply>]>([
    ['Entra, as a text', (id) => patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'False' })],
    ['Entra, without a path', (id) => patch(`/Users/${id}`, { op: 'Replace', value: { active: false } })],
    ['SailPoint, by add', (id) => patch(`/Users/${id}`, { op: 'add', value: { active: false } })],
    ['Okta, by patch', (id) => patch(`/Users/${id}`, { op: 'replace', value: { active: false } })],
    [
      'Okta, by put',
      async (id) =>
        ask('PUT', `/Users/${id}`, { ...((await ask('GET', `/Users/${id}`)).json() as Json), active: false }),
    ],
    ['anybody, by delete', (id) => ask('DELETE', `/Users/${id}`)],
  ])('who is switched off by %s is out at once, by browser and by API key', async (_who, switchOff) => {
    const person = await access.signIn('member')
    const key = await access.createKey(person.userId, ['read'])
    const byKey = () =>
      createHttpClient(app.url).request('/api/auth/me', { headers: { authorization: `Bearer ${key.secret}` } })
    expect([(await person.client.request('/api/auth/me')).status, (await byKey()).status]).toEqual([200, 200])
    expect((await switchOff(person.userId)).status).toBeLessThan(300)
    expect([(await person.client.request('/api/auth/me')).status, (await byKey()).status]).toEqual([401, 401])
    const body = { email: person.email, password }
    expect((await createHttpClient(app.url).request('/api/auth/login', { body })).status).toBe(401)
    const acts = await database.kysely
      .selectFrom('audit_logs')
      .select('action')
      .where('target_id', '=', person.userId)
      .execute()
    expect(acts.map((act) => act.action)).toContain('user.deactivated')
  })

  test('who was deleted is not there for SCIM, and comes back to the same account', async () => {
    const made = await createUser('dan')
    expect((await ask('DELETE', `/Users/${made.id}`)).status).toBe(204)
    expect((await ask('GET', `/Users/${made.id}`)).json()).toMatchObject({ status: '404' })
    expect((await ask('DELETE', `/Users/${made.id}`)).status).toBe(404)
    expect(await find('Users', 'userName eq "dan@corp.example"')).toEqual([])
    const again = await createUser('dan', { displayName: 'Dan again' })
    expect(again).toMatchObject({ id: made.id, active: true, displayName: 'Dan again' })
  })

  test('the last administrator is not switched off', async () => {
    const boss = await access.signIn('admin')
    const others = await database.kysely.selectFrom('users').select('id').where('role', '=', 'admin').execute()
    for (const { id } of others.filter((one) => one.id !== boss.userId)) {
      await boss.client.request(`/api/admin/users/${id}`, { method: 'PATCH', body: { role: 'member' } })
    }
    const mine = (await access.createKey(boss.userId, ['scim'])).secret
    const off = { schemas: [patchSchema], Operations: [{ op: 'replace', value: { active: false } }] }
    const headers = { authorization: `Bearer ${mine}` }
    const reply = await ask('PATCH', `/Users/${boss.userId}`, off, headers)
    expect([reply.status, reply.json()]).toMatchObject([409, { scimType: 'mutability' }])
    expect((await ask('DELETE', `/Users/${boss.userId}`, undefined, headers)).status).toBe(409)
    expect((await boss.client.request('/api/auth/me')).status).toBe(200)
    // The key of before is of a member now.
    expect((await ask('GET', '/Users')).status).toBe(403)
    secret = mine
  })

  test('changes the address, the names and nothing else; somebody else’s address stays theirs', async () => {
    const eva = await createUser('eva')
    await createUser('fay')
    const reply = await patch(
      `/Users/${eva.id}`,
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'Eva.New@corp.example' },
      { op: 'Replace', path: 'name.familyName', value: 'Ng' },
      { op: 'Add', path: 'displayName', value: 'Eva Ng' },
    )
    expect(reply.json()).toMatchObject({
      userName: 'eva@corp.example',
      displayName: 'Eva Ng',
      name: { givenName: 'eva', familyName: 'Ng' },
      emails: [{ value: 'eva.new@corp.example' }],
    })
    const taken = await patch(`/Users/${eva.id}`, { op: 'replace', value: { emails: [{ value: 'fay@corp.example' }] } })
    expect([taken.status, taken.json()]).toMatchObject([409, { scimType: 'uniqueness' }])
  })

  test('versions: unchanged is not sent, changed meanwhile is not overwritten', async () => {
    const gus = await createUser('gus')
    const read = await ask('GET', `/Users/${gus.id}`)
    const etag = read.headers.get('etag') ?? ''
    expect(etag).toBe((gus['meta'] as Json)['version'])
    expect((await ask('GET', `/Users/${gus.id}`, undefined, { 'if-none-match': etag })).status).toBe(304)
    const body = { ...gus, displayName: 'Gustav' }
    expect((await ask('PUT', `/Users/${gus.id}`, body, { 'if-match': etag })).status).toBe(200)
    const late = await ask('PUT', `/Users/${gus.id}`, { ...gus, displayName: 'Late' }, { 'if-match': etag })
    expect([late.status, late.json()]).toMatchObject([412, { status: '412' }])
    expect((await ask('GET', `/Users/${gus.id}`)).json()).toMatchObject({ displayName: 'Gustav' })
  })

  describe('groups', () => {
    async function createGroup(members: string[] = []): Promise<Json & { id: string }> {
      const displayName = `Group ${randomUUID()}`
      const body = {
        schemas: [groupSchema],
        displayName,
        externalId: 'x',
        members: members.map((value) => ({ value })),
      }
      const reply = await ask('POST', '/Groups', body)
      expect([reply.status, reply.text]).toEqual([201, expect.any(String)])
      return reply.json() as Json & { id: string }
    }

    const listMembers = async (id: string) =>
      ((await ask('GET', `/Groups/${id}`)).json() as { members: { value: string }[] }).members
        .map((one) => one.value)
        .sort()

    test('members come and go in the spellings of Entra and Okta', async () => {
      const ids = [(await createUser('m1')).id, (await createUser('m2')).id, (await createUser('m3')).id] as const
      const { id } = await createGroup([ids[0]])
      const path = `/Groups/${id}`
      await patch(path, { op: 'Add', path: 'members', value: [{ $ref: null, value: ids[1] }] })
      await patch(path, { op: 'add', path: 'members', value: [{ value: ids[2], display: 'm3@corp.example' }] })
      expect(await listMembers(id)).toEqual([...ids].sort())
      await patch(path, { op: 'Remove', path: 'members', value: [{ $ref: null, value: ids[0] }] })
      await patch(path, { op: 'remove', path: `members[value eq "${ids[1]}"]` })
      expect(await listMembers(id)).toEqual([ids[2]])
      await patch(path, { op: 'replace', path: 'members', value: [{ value: ids[0] }, { value: ids[1] }] })
      expect(await listMembers(id)).toEqual([ids[0], ids[1]].sort())
      expect((await patch(path, { op: 'replace', value: { id, displayName: `Renamed ${id}` } })).json()).toMatchObject({
        displayName: `Renamed ${id}`,
      })
      const user = (await ask('GET', `/Users/${ids[0]}`)).json() as { groups: { value: string }[] }
      expect(user.groups.map((group) => group.value)).toEqual([id])
      const acts = await database.kysely.selectFrom('audit_logs').select('action').where('target_id', '=', id).execute()
      expect(acts.map((act) => act.action)).toEqual([
        'group.created',
        'group.member-added',
        'group.member-added',
        'group.member-added',
        'group.member-removed',
        'group.member-removed',
        'group.member-added',
        'group.member-added',
        'group.member-removed',
        'group.changed',
      ])
    })

    test('are found by name, id and member, also without their members', async () => {
      const { id: userId } = await createUser('mm')
      const group = await createGroup([userId])
      for (const filter of [
        `displayName eq "${String(group['displayName'])}"`,
        `id eq "${group.id}"`,
        `members.value eq "${userId}"`,
        `members[value eq "${userId}"]`,
      ]) {
        expect([filter, await find('Groups', filter)]).toEqual([filter, [group.id]])
      }
      const filter = encodeURIComponent(`id eq "${group.id}"`)
      const [found] = (await list(`/Groups?filter=${filter}&excludedAttributes=members`)).Resources
      expect(found).not.toHaveProperty('members')
      expect((await ask('GET', `/Groups/${group.id}?excludedAttributes=members`)).json()).not.toHaveProperty('members')
    })

    test('refuse unknown members and names that are taken, and change nothing then', async () => {
      const { id: userId } = await createUser('mn')
      const group = await createGroup([userId])
      const unknown = await patch(`/Groups/${group.id}`, { op: 'add', path: 'members', value: [{ value: 'nobody' }] })
      expect([unknown.status, unknown.json()]).toMatchObject([400, { scimType: 'invalidValue' }])
      expect(await listMembers(group.id)).toEqual([userId])
      const taken = await ask('POST', '/Groups', { schemas: [groupSchema], displayName: group['displayName'] })
      expect([taken.status, taken.json()]).toMatchObject([409, { scimType: 'uniqueness' }])
    })

    test('a group that is deleted takes nobody with it', async () => {
      const { id: userId } = await createUser('mo')
      const group = await createGroup([userId])
      expect((await ask('DELETE', `/Groups/${group.id}`)).status).toBe(204)
      expect((await ask('GET', `/Groups/${group.id}`)).status).toBe(404)
      expect((await ask('GET', `/Users/${userId}`)).json()).toMatchObject({ active: true, groups: [] })
    })
  })

  test('two changes at the same moment both count', async () => {
    const hal = await createUser('hal')
    await Promise.all([
      patch(`/Users/${hal.id}`, { op: 'replace', path: 'name.givenName', value: 'H' }),
      patch(`/Users/${hal.id}`, { op: 'replace', path: 'externalId', value: 'new' }),
    ])
    expect((await ask('GET', `/Users/${hal.id}`)).json()).toMatchObject({ externalId: 'new', name: { givenName: 'H' } })
  })

  test('errors have SCIM’s shape, also where there is no route and where nobody is known', async () => {
    for (const [path, headers, status] of [
      ['/Nothing', {}, 404],
      ['/Users', { authorization: 'Bearer lc_junk' }, 401],
      // Longer than any id: no route ever sees it.
      [`/Users/${'a'.repeat(500)}`, {}, 404],
    ] as const) {
      const reply = await ask('GET', path, undefined, headers)
      expect(reply.headers.get('content-type')).toBe('application/scim+json; charset=utf-8')
      expect([reply.status, reply.json()]).toMatchObject([
        status,
        { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status) },
      ])
    }
    const broken = await createHttpClient(app.url).request('/scim/v2/Users', {
      method: 'POST',
      rawBody: '{',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/scim+json' },
    })
    expect([broken.status, broken.json()]).toMatchObject([400, { scimType: 'invalidSyntax' }])
  })
})
