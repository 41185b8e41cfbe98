import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AuthState, Me } from '../../../packages/protocol/src/api/auth-schema.ts'
import { systemClock } from '../../../backend/src/base/clock.ts'
import { createConfig } from '../../../backend/src/config/create-config.ts'
import { createOutboundClient } from '../../../backend/src/outbound/create-outbound-client.ts'
import { createUrlGuard } from '../../../backend/src/outbound/url-guard.ts'
import { createOidcProvider, type OidcProvider } from '../../../backend/src/users/oidc/create-oidc-provider.ts'
import { createHttpClient, type HttpClient, type HttpReply } from '../../support/create-http-client.ts'
import { openOidcProvider, type Lie } from '../../support/oidc/open-oidc-provider.ts'
import { passProvider } from '../../support/oidc/pass-provider.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { findFreePort } from '../../support/start-server.ts'
import { openAccessApp, password, type AccessApp } from '../access/open-access-app.ts'

const port = await findFreePort()
const publicUrl = `http://127.0.0.1:${String(port)}`
const provider = await openOidcProvider(publicUrl)
const mapping = { boss: 'admin', night: 'operator' }
const opened = await openAccessApp({
  ...provider.env,
  PORT: String(port),
  OIDC_ROLE_MAPPING: JSON.stringify(mapping),
  OIDC_CREATE_GROUPS: '1',
  OIDC_LABEL: 'Corp account',
})
afterAll(() => provider.close())

const claimsOf = (login: string, groups: string[] = []) => ({
  email: `${login}@corp.example`,
  email_verified: true,
  name: login.toUpperCase(),
  groups,
})

describe.for(opened ? [opened] : [])('sign-in at a real provider', (access: AccessApp) => {
  const { database } = access

  beforeAll(() => provider.setAccounts({ ann: claimsOf('ann'), bo: claimsOf('bo') }))
  beforeEach(async () => {
    await provider.setLie(null)
    await provider.setDown(false)
  })
  afterAll(() => access.close())

  async function begin(browser: HttpClient, query = ''): Promise<string> {
    const reply = await browser.request(`/api/auth/oidc/start${query}`)
    expect(reply.status).toBe(302)
    return reply.headers.get('location') ?? ''
  }

  const follow = (browser: HttpClient, back: URL): Promise<HttpReply> => browser.request(back.pathname + back.search)

  /** Where somebody ends who goes the whole way. */
  async function signIn(login: string | null, browser = createHttpClient(publicUrl)): Promise<string> {
    const back = await passProvider(await begin(browser), { login })
    return (await follow(browser, back)).headers.get('location') ?? ''
  }

  async function getMe(browser: HttpClient): Promise<Me['user'] | number> {
    const reply = await browser.request('/api/auth/me')
    return reply.status === 200 ? (reply.json() as Me).user : reply.status
  }

  async function enter(login: string): Promise<Me['user']> {
    const browser = createHttpClient(publicUrl)
    expect(await signIn(login, browser)).toBe('/')
    const me = await getMe(browser)
    if (typeof me === 'number') throw new Error(`nobody is signed in: ${String(me)}`)
    return me
  }

  const listActs = (targetId: string) =>
    database.kysely
      .selectFrom('audit_logs')
      .select(['action', 'outcome', 'error_code', 'details'])
      .where('target_id', '=', targetId)
      .orderBy('seq')
      .execute()

  const listGroups = (userId: string) =>
    database.kysely
      .selectFrom('group_members')
      .innerJoin('groups', 'groups.id', 'group_members.group_id')
      .select(['groups.name', 'group_members.source'])
      .where('user_id', '=', userId)
      .orderBy('groups.name')
      .execute()

  test('somebody new gets an account, a login session of its own, and goes on where they were', async () => {
    const browser = createHttpClient(publicUrl)
    const state = (await browser.request('/api/auth/state')).json() as AuthState
    expect(state).toMatchObject({ oidc: { label: 'Corp account' }, isPasswordForAll: true })
    const url = new URL(await begin(browser, '?returnTo=/chat/abc%3Fx%3D1'))
    expect(url.origin).toBe(provider.issuer)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      redirect_uri: `${publicUrl}/api/auth/oidc/callback`,
      code_challenge_method: 'S256',
      response_type: 'code',
      nonce: expect.stringMatching(/.{20}/) as string,
      state: expect.stringMatching(/.{20}/) as string,
    })
    const back = await passProvider(url.href, { login: 'ann' })
    // Put there beforehand, by whoever wanted to know it afterwards.
    browser.cookies.set('llmchat_session', 'known-to-somebody-else')
    const reply = await follow(browser, back)
    expect([reply.status, reply.headers.get('location')]).toEqual([302, '/chat/abc?x=1'])
    expect(browser.cookies.get('llmchat_session')).not.toBe('known-to-somebody-else')
    // Ours alone: the provider's tokens stay on the server.
    const names = ['XSRF-TOKEN', 'llmchat_device', 'llmchat_session', 'llmchat_visit']
    expect([...browser.cookies.keys()].sort()).toEqual(names)
    expect(reply.text).toBe('')
    const me = await getMe(browser)
    expect(me).toMatchObject({ email: 'ann@corp.example', name: 'ANN', role: 'member' })
    const { id } = me as Me['user']
    const user = await database.kysely.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    expect(user).toMatchObject({ source: 'oidc', password_hash: null })
    const acts = await listActs(id)
    expect(acts.map((act) => [act.action, act.details])).toEqual([
      ['user.created', { role: 'member', source: 'oidc' }],
      ['login.succeeded', { method: 'oidc' }],
    ])
    const identities = await database.kysely
      .selectFrom('user_identities')
      .selectAll()
      .where('user_id', '=', id)
      .execute()
    expect(identities).toMatchObject([{ issuer: provider.issuer, subject: 'ann' }])
    expect(identities[0]?.last_login_at).toBeInstanceOf(Date)
  })

  test('the same person comes back to the same account, also under a new address', async () => {
    await provider.setAccounts({ cy: claimsOf('cy') })
    const first = await enter('cy')
    await provider.setAccounts({ cy: { ...claimsOf('cy'), email: 'cy.new@corp.example' } })
    expect(await enter('cy')).toEqual({ ...first, email: 'cy.new@corp.example' })
  })

  test('a state that was altered, made up or used already, or another browser: nobody is signed in', async () => {
    const browser = createHttpClient(publicUrl)
    await provider.setAccounts({ ann: claimsOf('ann') })
    const back = await passProvider(await begin(browser), { login: 'ann' })
    const altered = new URL(back)
    altered.searchParams.set('state', `${back.searchParams.get('state') ?? ''}x`)
    const none = new URL(back)
    none.searchParams.delete('state')
    const stranger = createHttpClient(publicUrl)
    await stranger.request('/api/auth/state')
    for (const [who, url] of [
      [browser, altered],
      [browser, none],
      [stranger, back],
      [createHttpClient(publicUrl), back],
    ] as const) {
      expect((await follow(who, url)).headers.get('location')).toBe('/login?error=sign_in_expired')
      expect(who.cookies.has('llmchat_session')).toBe(false)
    }
    expect((await follow(browser, back)).headers.get('location')).toBe('/')
    const signedIn = browser.cookies.get('llmchat_session')
    expect((await follow(browser, back)).headers.get('location')).toBe('/login?error=sign_in_expired')
    expect(browser.cookies.get('llmchat_session')).toBe(signedIn)
  })

  test('a code that was used, put behind a new state, is worth nothing', async () => {
    const browser = createHttpClient(publicUrl)
    const first = await passProvider(await begin(browser), { login: 'ann' })
    const second = await passProvider(await begin(browser), { login: 'ann' })
    second.searchParams.set('code', first.searchParams.get('code') ?? '')
    expect((await follow(browser, second)).headers.get('location')).toBe('/login?error=directory_refused')
    expect(browser.cookies.has('llmchat_session')).toBe(false)
  })

  const minuteAgo = Math.floor(Date.now() / 1000) - 60
  test.each<[string, Lie]>([
    ['with another nonce', { claims: { nonce: 'another' }, key: 'own' }],
    ['that was altered', { claims: { sub: 'bo' }, key: 'none' }],
    ['of a foreign key', { claims: {}, key: 'foreign' }],
    ['that brings its key along', { claims: {}, key: 'brought' }],
    ['without a signature, that says so', { claims: {}, header: { alg: 'none' }, key: 'empty' }],
    ['signed by the shared secret', { claims: {}, header: { alg: 'HS256' }, key: 'shared' }],
    ['of another issuer', { claims: { iss: 'https://evil.example' }, key: 'own' }],
    ['for another client', { claims: { aud: 'another' }, key: 'own' }],
    ['that has expired', { claims: { exp: minuteAgo, iat: minuteAgo - 60 }, key: 'own' }],
  ])('an ID token %s signs nobody in', async (_what, lie) => {
    await provider.setAccounts({ ann: claimsOf('ann'), bo: claimsOf('bo') })
    const browser = createHttpClient(publicUrl)
    await provider.setLie(lie)
    expect(await signIn('ann', browser)).toBe('/login?error=directory_refused')
    expect(browser.cookies.has('llmchat_session')).toBe(false)
    await provider.setLie({ claims: {}, key: 'own' })
    // The same way with nothing but the signature made anew is let in: it was the lie that was refused.
    expect(await signIn('ann', browser)).toBe('/')
  })

  test('a sign-in that is called off, and a provider that is away, are told apart', async () => {
    expect(await signIn(null)).toBe('/login?error=sign_in_cancelled')
    const browser = createHttpClient(publicUrl)
    const back = await passProvider(await begin(browser), { login: 'ann' })
    await provider.setDown(true)
    expect((await follow(browser, back)).headers.get('location')).toBe('/login?error=directory_unavailable')
  })

  test('neither the Host header nor returnTo leads anybody elsewhere', async () => {
    const browser = createHttpClient(publicUrl)
    const start = await browser.request('/api/auth/oidc/start?returnTo=//evil.example', {
      headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    })
    const url = new URL(start.headers.get('location') ?? '')
    expect(url.searchParams.get('redirect_uri')).toBe(`${publicUrl}/api/auth/oidc/callback`)
    const back = await passProvider(url.href, { login: 'ann' })
    expect((await follow(browser, back)).headers.get('location')).toBe('/')
  })

  test('a page of another site begins no sign-in: the person has to', async () => {
    const from = async (site: string) => {
      const headers = { 'sec-fetch-site': site }
      return (await createHttpClient(publicUrl).request('/api/auth/oidc/start', { headers })).headers.get('location')
    }
    expect([await from('cross-site'), await from('same-site')]).toEqual(['/login', '/login'])
    for (const site of ['same-origin', 'none']) expect(await from(site)).toContain(provider.issuer)
  })

  test('groups and role follow the directory at the next sign-in; what was given here stays', async () => {
    await provider.setAccounts({ di: claimsOf('di', ['Legal', 'Night', 'night']) })
    const { id, role } = await enter('di')
    expect(role).toBe('operator')
    const names = ['Legal', 'Night', 'night']
    expect((await listGroups(id)).map((group) => group.name).sort()).toEqual(names)
    await database.kysely.insertInto('groups').values({ id: 'own', name: 'Own' }).execute()
    await database.kysely.insertInto('group_members').values({ group_id: 'own', user_id: id }).execute()
    await provider.setAccounts({ di: claimsOf('di', ['Legal', 'Sales']) })
    expect((await enter('di')).role).toBe('member')
    expect(await listGroups(id)).toEqual([
      { name: 'Legal', source: 'oidc' },
      { name: 'Own', source: 'local' },
      { name: 'Sales', source: 'oidc' },
    ])
    const changed = (await listActs(id)).filter((act) => act.action === 'user.changed')
    expect(changed.map((act) => act.details)).toEqual([{ fields: ['role'], role: 'member', source: 'oidc' }])
  })

  test('the last administrator keeps the role, and the log says so; the others lose it', async () => {
    await provider.setAccounts({ ed: claimsOf('ed', ['boss']), flo: claimsOf('flo', ['boss']) })
    const ed = await enter('ed')
    expect(ed.role).toBe('admin')
    await provider.setAccounts({ ed: claimsOf('ed'), flo: claimsOf('flo', ['boss']) })
    expect((await enter('ed')).role).toBe('admin')
    const refused = (await listActs(ed.id)).filter((act) => act.outcome === 'failure')
    expect(refused).toMatchObject([{ action: 'user.changed', error_code: 'last_admin' }])
    await enter('flo')
    expect((await enter('ed')).role).toBe('member')
  })

  test('whoever is switched off stays out, whatever the provider says', async () => {
    await provider.setAccounts({ gil: claimsOf('gil') })
    const browser = createHttpClient(publicUrl)
    await signIn('gil', browser)
    const { id } = (await getMe(browser)) as Me['user']
    const admin = await access.signIn('admin')
    const off = await admin.client.request(`/api/admin/users/${id}`, { method: 'PATCH', body: { isActive: false } })
    expect(off.status).toBe(200)
    expect(await getMe(browser)).toBe(401)
    expect(await signIn('gil', browser)).toBe('/login?error=account_deactivated')
    expect(await getMe(browser)).toBe(401)
    expect((await listActs(id)).at(-1)).toMatchObject({ action: 'login.failed', error_code: 'account_deactivated' })
    const link = await admin.client.request(`/api/admin/users/${id}/password-reset-link`, { method: 'POST' })
    expect(link.status).toBe(404)
  })

  test('an account of the same address is not theirs', async () => {
    const local = await access.signIn('member')
    await provider.setAccounts({ hal: { ...claimsOf('hal'), email: local.email } })
    expect(await signIn('hal')).toBe('/login?error=account_exists')
    const browser = createHttpClient(publicUrl)
    const body = { email: local.email, password }
    expect((await browser.request('/api/auth/login', { body })).status).toBe(200)
  })

  test('somebody of the directory has no password here and gets no link to make one', async () => {
    await provider.setAccounts({ ida: claimsOf('ida') })
    const ida = await enter('ida')
    const body = { email: ida.email, password }
    const reply = await createHttpClient(publicUrl).request('/api/auth/login', { body })
    expect(reply.status).toBe(401)
    const admin = await access.signIn('admin')
    const link = await admin.client.request(`/api/admin/users/${ida.id}/password-reset-link`, { method: 'POST' })
    expect(link.status).toBe(409)
  })
})

describe('what a provider says of itself', () => {
  const config = (env: Record<string, string>) => createConfig({ ...provider.env, ...env })
  const outbounds: ReturnType<typeof createOutboundClient>[] = []
  afterAll(() => Promise.all(outbounds.map((outbound) => outbound.close())))
  beforeEach(async () => {
    await provider.setLie(null)
    await provider.setDown(false)
  })

  function open(env: Record<string, string> = {}): OidcProvider {
    const { oidc, outboundAllowedHosts } = config(env)
    if (oidc === null) throw new Error('no provider is configured')
    const urlGuard = createUrlGuard({ allowedHosts: outboundAllowedHosts })
    const outbound = createOutboundClient({ urlGuard, logger: silentLogger })
    outbounds.push(outbound)
    return createOidcProvider({ outbound, clock: systemClock }, oidc, `${publicUrl}/api/auth/oidc/callback`)
  }

  const ask = (oidc: OidcProvider): Promise<string> => oidc.toAuthorizationUrl(oidc.createSecrets(), 'state')
  const toCode = (asking: Promise<string>): Promise<unknown> =>
    asking.then(
      () => 'answered',
      (error: unknown) => (error as { code?: unknown }).code,
    )

  test('a provider that calls itself by another name is not the one that was meant', async () => {
    await provider.setLie({ issuer: 'https://evil.example' })
    const oidc = open()
    expect(await toCode(ask(oidc))).toBe('directory_refused')
    await provider.setLie(null)
    // Nothing of a failure is remembered.
    expect(await toCode(ask(oidc))).toBe('answered')
  })

  test('an issuer that was not allowed is not asked', async () => {
    expect(await toCode(ask(open({ OUTBOUND_ALLOWED_HOSTS: '' })))).toBe('directory_unavailable')
  })

  test('a provider that is away is away, and asked again the next time', async () => {
    await provider.setDown(true)
    const oidc = open()
    expect(await toCode(ask(oidc))).toBe('directory_unavailable')
    await provider.setDown(false)
    expect(await toCode(ask(oidc))).toBe('answered')
  })
})
