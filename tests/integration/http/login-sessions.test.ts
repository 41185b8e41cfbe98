import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LoginSessionInfo } from '../../../packages/protocol/src/api/identity-schema.ts'
import type { HttpClient } from '../../support/create-http-client.ts'
import { openTestApp, type TestApp } from '../../support/open-test-app.ts'

let app: TestApp

beforeAll(async () => {
  app = await openTestApp()
})
afterAll(() => app.close())

async function signInAgain(email: string, userAgent: string): Promise<HttpClient> {
  const client = app.createClient()
  const headers = { 'user-agent': userAgent }
  await client.request('/api/auth/login', { body: { email, password: app.password }, headers })
  return client
}

async function list(client: HttpClient): Promise<LoginSessionInfo[]> {
  const reply = await client.request('/api/auth/login-sessions')
  return (reply.json() as { loginSessions: LoginSessionInfo[] }).loginSessions
}

async function isSignedIn(client: HttpClient): Promise<boolean> {
  return (await client.request('/api/auth/me')).status === 200
}

describe('login sessions', () => {
  test('are listed with what their person knows them by, one is this one, no token shows', async () => {
    const { client, email } = await app.signIn()
    const phone = await signInAgain(email, 'Phone/1')
    const listed = await list(client)
    expect(listed.map(({ userAgent, isCurrent }) => [userAgent, isCurrent]).sort()).toEqual([
      ['Phone/1', false],
      ['node', true],
    ])
    expect(listed[0]?.address).toBe('127.0.0.1')
    expect(JSON.stringify(listed)).not.toContain(phone.cookies.get('llmchat_session'))
  })

  test('end one by one', async () => {
    const { client, email } = await app.signIn()
    const phone = await signInAgain(email, 'Phone/1')
    const { id = '' } = (await list(client)).find(({ isCurrent }) => !isCurrent) ?? {}
    expect((await client.request(`/api/auth/login-sessions/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect([await isSignedIn(client), await isSignedIn(phone)]).toEqual([true, false])
    expect((await client.request(`/api/auth/login-sessions/${id}`, { method: 'DELETE' })).status).toBe(404)
  })

  test('of somebody else are not there', async () => {
    const other = await app.signIn()
    const { id = '' } = (await list(other.client))[0] ?? {}
    const { client } = await app.signIn()
    const reply = await client.request(`/api/auth/login-sessions/${id}`, { method: 'DELETE' })
    expect(reply.json()).toMatchObject({ error: { code: 'login_session_not_found' } })
    expect(await isSignedIn(other.client)).toBe(true)
  })

  test('end everywhere at once, here too, and nobody else’s', async () => {
    const { client, email } = await app.signIn()
    const phone = await signInAgain(email, 'Phone/1')
    const other = await app.signIn()
    expect((await client.request('/api/auth/login-sessions', { method: 'DELETE' })).status).toBe(204)
    expect(client.cookies.has('llmchat_session')).toBe(false)
    expect([await isSignedIn(client), await isSignedIn(phone), await isSignedIn(other.client)]).toEqual([
      false,
      false,
      true,
    ])
  })

  test('are nothing for an API key', async () => {
    const { client } = await app.signIn()
    const made = await client.request('/api/auth/api-keys', { body: { name: 'x' } })
    const headers = { authorization: `Bearer ${(made.json() as { secret: string }).secret}` }
    for (const method of ['GET', 'DELETE']) {
      const reply = await app.createClient().request('/api/auth/login-sessions', { method, headers })
      expect(reply.json()).toMatchObject({ error: { code: 'forbidden' } })
    }
  })
})

describe('cookies on https', () => {
  test('belong to this host alone, and the plain name is worth nothing there', async () => {
    const secure = await openTestApp({ config: { publicUrl: 'https://chat.example.com' } })
    const { client } = await secure.signIn()
    const lines = (await client.request('/api/auth/me')).headers.getSetCookie()
    expect(lines.join()).toMatch(/^__Host-XSRF-TOKEN=[^;]+; Path=\/; Secure; SameSite=Lax$/)
    expect([...client.cookies.keys()].sort()).toEqual([
      '__Host-XSRF-TOKEN',
      '__Host-llmchat_device',
      '__Host-llmchat_session',
    ])
    const token = client.cookies.get('__Host-llmchat_session') ?? ''
    const known = async (cookie: string): Promise<number> =>
      (await secure.createClient().request('/api/auth/me', { headers: { cookie } })).status
    expect([await known(`__Host-llmchat_session=${token}`), await known(`llmchat_session=${token}`)]).toEqual([
      200, 401,
    ])
    await secure.close()
  })
})
