import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuthState, Me } from '../../../packages/protocol/src/api/auth-schema.ts'
import type { HttpClient } from '../../support/create-http-client.ts'
import { openTestApp, type SignedIn, type TestApp } from '../../support/open-test-app.ts'

let app: TestApp
let person: SignedIn

beforeAll(async () => {
  app = await openTestApp({ config: { publicUrl: 'https://chat.example.com' } })
  person = await app.signIn()
})
afterAll(() => app.close())

const path = '/api/chat/sessions/none'

/** 404: it came through; 403: it did not. */
async function change(headers: Record<string, string>, from = person): Promise<number> {
  const reply = await from.client.request(path, { method: 'PATCH', body: { title: 'x' }, headers })
  if (reply.status === 403) expect(reply.json()).toMatchObject({ error: { code: 'csrf_failed' } })
  return reply.status
}

describe('token', () => {
  test('with it, an unsafe method passes', async () => {
    expect(await change({})).toBe(404)
  })

  test.each(['', 'wrong', 'a-b'])('%j instead of it is refused', async (token) => {
    expect(await change({ 'x-xsrf-token': token })).toBe(403)
  })

  test('the cookie alone is not enough', async () => {
    const cookie = [...person.client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(app.url + path, { method: 'DELETE', headers: { cookie } })
    expect(response.status).toBe(403)
  })

  test('a token of another login session is refused, also of the same person', async () => {
    const other = await app.signIn()
    expect(await change({ 'x-xsrf-token': other.client.cookies.get('__Host-XSRF-TOKEN') ?? '' })).toBe(403)
    const again = app.createClient()
    await again.request('/api/auth/login', { body: { email: person.email, password: app.password } })
    expect(await change({ 'x-xsrf-token': again.cookies.get('__Host-XSRF-TOKEN') ?? '' })).toBe(403)
  })

  test('every token of a login session stays valid as long as it lives: tabs do not disturb each other', async () => {
    const tokens = [person.client.cookies.get('__Host-XSRF-TOKEN') ?? '']
    for (let tab = 0; tab < 3; tab += 1) {
      tokens.push(((await person.client.request('/api/auth/me')).json() as Me).csrfToken)
    }
    for (const token of tokens) expect(await change({ 'x-xsrf-token': token })).toBe(404)
  })

  test('safe methods need none', async () => {
    const reply = await person.client.request('/api/chat/sessions', { headers: { 'x-xsrf-token': '' } })
    expect(reply.status).toBe(200)
  })
})

describe('origin', () => {
  const foreign = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://chat.example.com' },
    { origin: 'https://evil.example' },
    { origin: 'https://chat.example.com.evil.example' },
    { origin: 'null' },
  ]

  test.each(foreign)('%j is refused, token or not', async (headers) => {
    expect(await change(headers)).toBe(403)
  })

  test.each(foreign)('%j can neither sign in nor set up', async (headers) => {
    const body = { email: person.email, password: app.password }
    const login = await app.createClient().request('/api/auth/login', { body, headers })
    expect(login.status).toBe(403)
    expect(login.headers.getSetCookie()).toEqual([])
    const setUp = await app.createClient().request('/api/auth/set-up', { body: { ...body, token: 'x' }, headers })
    expect(setUp.json()).toMatchObject({ error: { code: 'csrf_failed' } })
  })

  test('our own pages pass: by Sec-Fetch-Site, by the public origin, by the host', async () => {
    expect(await change({ 'sec-fetch-site': 'same-origin', origin: 'https://chat.example.com' })).toBe(404)
    expect(await change({ origin: 'https://chat.example.com' })).toBe(404)
    expect(await change({ origin: app.url })).toBe(404)
  })
})

describe('before anybody is signed in', () => {
  const browser = { 'sec-fetch-site': 'same-origin', origin: 'https://chat.example.com' }

  function login(client: HttpClient, headers: Record<string, string>) {
    return client.request('/api/auth/login', { body: { email: person.email, password: app.password }, headers })
  }

  async function openVisit() {
    const client = app.createClient()
    const { csrfToken } = (await client.request('/api/auth/state')).json() as AuthState
    return { client, csrfToken }
  }

  test('a browser signs in with the token of its own visit', async () => {
    const { client, csrfToken } = await openVisit()
    const other = await openVisit()
    expect((await login(client, browser)).status).toBe(403)
    expect((await login(client, { ...browser, 'x-xsrf-token': other.csrfToken })).status).toBe(403)
    expect((await login(app.createClient(), { ...browser, 'x-xsrf-token': csrfToken })).status).toBe(403)
    expect((await login(client, { ...browser, 'x-xsrf-token': csrfToken })).status).toBe(200)
  })

  test('asking again in another tab leaves the first token good', async () => {
    const { client, csrfToken } = await openVisit()
    await client.request('/api/auth/state')
    expect((await login(client, { ...browser, 'x-xsrf-token': csrfToken })).status).toBe(200)
  })

  test.each([
    '/api/auth/set-up',
    '/api/auth/login/second-step',
    '/api/auth/link',
    '/api/auth/password-reset',
    '/api/auth/invitation',
  ])('%s wants it, too', async (address) => {
    const reply = await app.createClient().request(address, { body: {}, headers: browser })
    expect(reply.json()).toMatchObject({ error: { code: 'csrf_failed' } })
  })

  test('its token is no login session’s, nor the other way round', async () => {
    const { csrfToken } = await openVisit()
    expect(await change({ ...browser, 'x-xsrf-token': csrfToken })).toBe(403)
    const token = person.client.cookies.get('__Host-XSRF-TOKEN') ?? ''
    expect((await login(app.createClient(), { ...browser, 'x-xsrf-token': token })).status).toBe(403)
  })
})
