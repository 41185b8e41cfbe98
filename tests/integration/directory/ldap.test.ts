import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuthState, Me } from '../../../packages/protocol/src/api/auth-schema.ts'
import { systemClock } from '../../../backend/src/base/clock.ts'
import { createConfig } from '../../../backend/src/config/create-config.ts'
import { openLdap } from '../../../backend/src/open-directory.ts'
import type { LdapSignIn } from '../../../backend/src/users/ldap/create-ldap-sign-in.ts'
import { createHttpClient } from '../../support/create-http-client.ts'
import { ldapServiceDn, ldapServicePassword, openLdapServer, type LdapServer } from '../../support/ldap-server.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { findFreePort } from '../../support/start-server.ts'
import { openAccessApp, password as localPassword, type AccessApp } from '../access/open-access-app.ts'

const server = await openLdapServer()
const closedPort = await findFreePort()

function toEnv(ldap: LdapServer, changes: Record<string, string> = {}): Record<string, string> {
  return {
    LDAP_URL: ldap.tlsUrl,
    LDAP_CA_FILE: ldap.caFile,
    LDAP_BIND_DN: ldapServiceDn,
    LDAP_BIND_PASSWORD: ldapServicePassword,
    LDAP_BASE: ldap.peopleBase,
    LDAP_ROLE_MAPPING: '{"Boss":"admin"}',
    LDAP_CREATE_GROUPS: '1',
    LDAP_TIMEOUT_MS: '3000',
    ...changes,
  }
}

const opened = server && (await openAccessApp(toEnv(server)))
afterAll(() => server?.close())

describe.for(server && opened ? [{ ldap: server, access: opened }] : [])(
  'sign-in at a real slapd',
  ({ ldap, access }: { ldap: LdapServer; access: AccessApp }) => {
    const { app, database } = access
    const toDn = (uid: string): string => `uid=${uid},${ldap.peopleBase}`

    async function addPerson(uid: string, changes: { cn?: string; mail?: string } = {}): Promise<void> {
      const { cn = uid.toUpperCase(), mail = `${uid}@corp.example` } = changes
      await ldap.change(
        `dn: ${toDn(uid)}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: ${cn}\nsn: ${cn}\nmail: ${mail}\nuserPassword: of ${uid}\n`,
      )
    }

    const setGroup = (name: string, uids: string[]) =>
      ldap.change(
        `dn: cn=${name},${ldap.groupBase}\nchangetype: add\nobjectClass: groupOfNames\ncn: ${name}\n${uids.map((uid) => `member: ${toDn(uid)}\n`).join('')}`,
      )

    const removeGroup = (name: string) => ldap.change(`dn: cn=${name},${ldap.groupBase}\nchangetype: delete\n`)

    beforeAll(async () => {
      await addPerson('ann')
      await addPerson('bo', { cn: '  Bo (Legal) *' })
      await addPerson('cy')
      await setGroup('Legal', ['ann', 'bo'])
      await setGroup('Boss', ['cy'])
    })
    afterAll(() => access.close())

    async function login(email: string, password: string) {
      const client = createHttpClient(app.url)
      const reply = await client.request('/api/auth/login', { body: { email, password } })
      const body = reply.json() as Me & { error?: { code: string } }
      return { client, status: reply.status, code: body.error?.code, user: body.user as Me['user'] | undefined }
    }

    const listGroups = (userId: string) =>
      database.kysely
        .selectFrom('group_members')
        .innerJoin('groups', 'groups.id', 'group_members.group_id')
        .select(['groups.name', 'group_members.source'])
        .where('user_id', '=', userId)
        .orderBy('groups.name')
        .execute()

    function open(changes: Record<string, string> = {}): LdapSignIn {
      const signIn = openLdap(createConfig(toEnv(ldap, changes)), { clock: systemClock, logger: silentLogger })
      if (signIn === null) throw new Error('no server is configured')
      return signIn
    }

    test('the same form lets in people of the directory, and makes their account', async () => {
      const state = (await createHttpClient(app.url).request('/api/auth/state')).json() as AuthState
      expect(state).toMatchObject({ oidc: null, isPasswordForAll: true })
      const { status, user, client } = await login('Ann@corp.example', 'of ann')
      expect([status, user]).toMatchObject([200, { email: 'ann@corp.example', name: 'ANN', role: 'member' }])
      expect((await client.request('/api/auth/me')).status).toBe(200)
      const id = user?.id ?? ''
      expect(await listGroups(id)).toEqual([{ name: 'Legal', source: 'ldap' }])
      const row = await database.kysely.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
      expect(row).toMatchObject({ source: 'ldap', password_hash: null })
      const acts = await database.kysely
        .selectFrom('audit_logs')
        .select(['action', 'details'])
        .where('target_id', '=', id)
        .orderBy('seq')
        .execute()
      expect(acts.map((act) => [act.action, act.details])).toEqual([
        ['user.created', { role: 'member', source: 'ldap' }],
        ['login.succeeded', { method: 'ldap' }],
      ])
      expect((await login('ann@corp.example', 'of ann')).user?.id).toBe(id)
    })

    test('a wrong password, somebody unknown and an empty password are refused alike', async () => {
      expect(await login('ann@corp.example', 'of bo')).toMatchObject({ status: 401, code: 'invalid_credentials' })
      expect(await login('nobody@corp.example', 'of ann')).toMatchObject({ status: 401, code: 'invalid_credentials' })
      expect((await login('ann@corp.example', '')).status).toBe(400)
      // slapd itself says yes to a name without a password.
      expect(await open().authenticate('ann@corp.example', '')).toBeNull()
      expect(await open().authenticate('ann@corp.example', 'of ann')).toMatchObject({ source: 'ldap' })
    })

    test.each([
      '*',
      'ann@corp.example)(mail=*',
      '*)(objectClass=*',
      'a*@corp.example',
      'ann@corp.example)(|(mail=*',
      'ann\\40corp.example',
      '\\2a',
      '$&',
    ])('the login %s is a text and no filter', async (typed) => {
      expect(await open().authenticate(typed, 'of ann')).toBeNull()
    })

    test('a name with characters that mean something in filters is found in groups', async () => {
      const byId = open({ LDAP_USER_FILTER: '(cn={login})', LDAP_GROUP_BASE: ldap.groupBase })
      expect(await byId.authenticate('Bo (Legal) *', 'of bo')).toMatchObject({ groups: ['Legal'] })
      await ldap.change(
        `dn: cn=Di (x) *\\, y,${ldap.peopleBase}\nchangetype: add\nobjectClass: inetOrgPerson\ncn: Di (x) *, y\nsn: Di\nmail: di@corp.example\nuserPassword: of di\n`,
      )
      await ldap.change(
        `dn: cn=Odd\\, group,${ldap.groupBase}\nchangetype: add\nobjectClass: groupOfNames\ncn: Odd, group\nmember: cn=Di (x) *\\, y,${ldap.peopleBase}\n`,
      )
      expect(await open({ LDAP_GROUP_BASE: ldap.groupBase }).authenticate('di@corp.example', 'of di')).toMatchObject({
        groups: ['Odd, group'],
      })
      expect(await open().authenticate('di@corp.example', 'of di')).toMatchObject({ groups: ['Odd, group'] })
    })

    test('two people of one address are nobody', async () => {
      await addPerson('twin1', { mail: 'twin@corp.example' })
      await addPerson('twin2', { mail: 'twin@corp.example' })
      expect(await open().authenticate('twin@corp.example', 'of twin1')).toBeNull()
    })

    test('groups and role follow the directory at the next sign-in', async () => {
      const first = await login('cy@corp.example', 'of cy')
      expect(first.user?.role).toBe('admin')
      await access.signIn('admin')
      await removeGroup('Boss')
      await setGroup('Sales', ['cy'])
      const second = await login('cy@corp.example', 'of cy')
      expect(second.user).toMatchObject({ id: first.user?.id, role: 'member' })
      expect(await listGroups(second.user?.id ?? '')).toEqual([{ name: 'Sales', source: 'ldap' }])
    })

    test('who is switched off here stays out, who is removed there too', async () => {
      await addPerson('ed')
      const { user } = await login('ed@corp.example', 'of ed')
      await database.kysely
        .updateTable('users')
        .set({ is_active: false })
        .where('id', '=', user?.id ?? '')
        .execute()
      expect(await login('ed@corp.example', 'of ed')).toMatchObject({ status: 403, code: 'account_deactivated' })
      await database.kysely
        .updateTable('users')
        .set({ is_active: true })
        .where('id', '=', user?.id ?? '')
        .execute()
      await ldap.change(`dn: ${toDn('ed')}\nchangetype: delete\n`)
      expect(await login('ed@corp.example', 'of ed')).toMatchObject({ status: 401, code: 'invalid_credentials' })
    })

    test('somebody with an account of this place keeps their password; the directory does not hear of it', async () => {
      const local = await access.signIn('member')
      await addPerson('flo', { mail: local.email })
      expect((await login(local.email, localPassword)).status).toBe(200)
      expect(await login(local.email, 'of flo')).toMatchObject({ status: 401, code: 'invalid_credentials' })
    })

    test.each<[string, (env: LdapServer) => Record<string, string>]>([
      ['StartTLS', (env) => ({ LDAP_URL: env.url, LDAP_START_TLS: '1' })],
      ['plain LDAP on this machine', (env) => ({ LDAP_URL: env.url })],
      [
        'a second server, where the first is away',
        (env) => ({ LDAP_URL: `ldaps://127.0.0.1:${String(closedPort)},${env.tlsUrl}` }),
      ],
    ])('works by %s', async (_what, changes) => {
      const signIn = open(changes(ldap))
      expect(await signIn.authenticate('ann@corp.example', 'of ann')).toMatchObject({ email: 'ann@corp.example' })
      expect(await signIn.authenticate('ann@corp.example', 'of bo')).toBeNull()
    })

    test.each<[string, (env: LdapServer) => Record<string, string>]>([
      ['a certificate nobody vouches for', () => ({ LDAP_CA_FILE: '' })],
      [
        'a certificate nobody vouches for, by StartTLS',
        (env) => ({ LDAP_CA_FILE: '', LDAP_URL: env.url, LDAP_START_TLS: '1' }),
      ],
      ['an account of ours that is refused', () => ({ LDAP_BIND_PASSWORD: 'wrong' })],
      ['no server at all', () => ({ LDAP_URL: `ldaps://127.0.0.1:${String(closedPort)}` })],
    ])('%s: nobody is asked for their password', async (_what, changes) => {
      await expect(open(changes(ldap)).authenticate('ann@corp.example', 'of ann')).rejects.toMatchObject({
        code: 'directory_unavailable',
      })
    })

    test('while the directory is away people of this place get in, the others are told so, and it comes back', async () => {
      const admin = await access.signIn('admin')
      await ldap.kill()
      expect((await login(admin.email, localPassword)).status).toBe(200)
      expect(await login('ann@corp.example', 'of ann')).toMatchObject({ status: 503, code: 'directory_unavailable' })
      await ldap.start()
      await expect
        .poll(async () => (await login('ann@corp.example', 'of ann')).status, { timeout: 20_000, interval: 500 })
        .toBe(200)
    })
  },
)
