import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CreatedApiKey, Me } from '../../../packages/protocol/src/api/auth-schema.ts'
import { openTestApp, type TestApp } from '../../support/open-test-app.ts'

let app: TestApp

beforeAll(async () => {
  app = await openTestApp()
})
afterAll(() => app.close())

test('sign in, be known, sign out, be unknown', async () => {
  const { client, email, userId } = await app.signIn()
  const me = await client.request('/api/auth/me')
  expect(me.json()).toMatchObject({ user: { id: userId, email, role: 'member' } })
  expect(me.headers.get('cache-control')).toBe('no-store')
  expect(me.text).not.toContain('password')
  const token = client.cookies.get('llmchat_session') ?? ''
  expect((await client.request('/api/auth/logout', { method: 'POST' })).status).toBe(204)
  expect([...client.cookies.keys()]).toEqual(['llmchat_device'])
  const after = await client.request('/api/auth/me', { headers: { cookie: `llmchat_session=${token}` } })
  expect(after.status).toBe(401)
  expect(after.json()).toMatchObject({ error: { code: 'unauthenticated' } })
})

test('the first admin is made with the token of the link, once', async () => {
  const fresh = await openTestApp()
  const client = fresh.createClient()
  expect((await client.request('/api/auth/state')).json()).toMatchObject({ needsSetUp: true, version: '0.0.0' })
  const body = { token: 'wrong', email: 'admin@example.com', password: app.password }
  const wrong = await client.request('/api/auth/set-up', { body })
  expect(wrong.status).toBe(403)
  expect(wrong.json()).toMatchObject({ error: { code: 'set_up_token_invalid' } })
  const weak = await client.request('/api/auth/set-up', { body: { ...body, token: fresh.setUpToken, password: 'x' } })
  expect(weak.json()).toMatchObject({ error: { code: 'password_refused' } })
  const made = await client.request('/api/auth/set-up', { body: { ...body, token: fresh.setUpToken } })
  expect(made.json()).toMatchObject({ user: { email: 'admin@example.com', role: 'admin' } })
  expect((await client.request('/api/auth/me')).status).toBe(200)
  expect((await client.request('/api/auth/state')).json()).toMatchObject({ needsSetUp: false })
  const again = await fresh.createClient().request('/api/auth/set-up', { body: { ...body, token: fresh.setUpToken } })
  expect(again.status).toBe(409)
  expect(again.json()).toMatchObject({ error: { code: 'set_up_closed' } })
  await fresh.close()
})

test('a wrong password and an unknown e-mail are told alike', async () => {
  const { email } = await app.signIn()
  const client = app.createClient()
  const wrong = await client.request('/api/auth/login', { body: { email, password: 'wrong' } })
  const unknown = await client.request('/api/auth/login', { body: { email: 'nobody@example.com', password: 'wrong' } })
  for (const reply of [wrong, unknown]) {
    expect(reply.status).toBe(401)
    expect(reply.json()).toMatchObject({ error: { code: 'invalid_credentials' } })
    expect(reply.headers.getSetCookie()).toEqual([])
  }
})

test('signing in again makes a new login session and ends the one of this browser', async () => {
  const { client, email } = await app.signIn()
  const before = client.cookies.get('llmchat_session') ?? ''
  await client.request('/api/auth/login', { body: { email, password: app.password } })
  expect(client.cookies.get('llmchat_session')).not.toBe(before)
  const old = await app.createClient().request('/api/auth/me', { headers: { cookie: `llmchat_session=${before}` } })
  expect(old.status).toBe(401)
})

test('cookies outlive the browser only when asked to', async () => {
  const { email } = await app.signIn()
  const body = { email, password: app.password }
  const short = await app.createClient().request('/api/auth/login', { body })
  expect(short.headers.getSetCookie().join()).not.toContain('Expires')
  const long = await app.createClient().request('/api/auth/login', { body: { ...body, isPersistent: true } })
  const kept = long.headers.getSetCookie().filter((cookie) => !cookie.startsWith('llmchat_device='))
  expect(kept).toHaveLength(2)
  for (const cookie of kept) expect(cookie).toContain('; Expires=')
})

test('an API key is shown once, works without cookie and CSRF token, and stops when revoked', async () => {
  const { client, userId } = await app.signIn()
  const reply = await client.request('/api/auth/api-keys', { body: { name: 'script' } })
  expect(reply.status).toBe(201)
  const { apiKey, secret } = reply.json() as CreatedApiKey
  const listed = await client.request('/api/auth/api-keys')
  expect(listed.json()).toMatchObject({ apiKeys: [{ id: apiKey.id, name: 'script' }] })
  expect(listed.text).not.toContain(secret)

  const headers = { authorization: `Bearer ${secret}` }
  const program = app.createClient()
  const me = (await program.request('/api/auth/me', { headers })).json() as Me
  expect(me).toMatchObject({ user: { id: userId }, csrfToken: '' })
  const change = { method: 'PATCH', body: { title: 'x' }, headers }
  expect((await program.request('/api/chat/sessions/none', change)).status).toBe(404)

  expect((await client.request(`/api/auth/api-keys/${apiKey.id}`, { method: 'DELETE' })).status).toBe(204)
  expect((await program.request('/api/auth/me', { headers })).status).toBe(401)
})

test('an API key of somebody else cannot be revoked', async () => {
  const owner = await app.signIn()
  const created = await owner.client.request('/api/auth/api-keys', { body: { name: 'script' } })
  const { apiKey } = created.json() as CreatedApiKey
  const other = await app.signIn()
  const reply = await other.client.request(`/api/auth/api-keys/${apiKey.id}`, { method: 'DELETE' })
  expect(reply.json()).toMatchObject({ error: { code: 'api_key_not_found' } })
})

test('cookie and API key at once are refused; other schemes are somebody else’s', async () => {
  const { client } = await app.signIn()
  const both = await client.request('/api/auth/me', { headers: { authorization: 'Bearer abc' } })
  expect(both.status).toBe(400)
  expect(both.json()).toMatchObject({ error: { code: 'ambiguous_credentials' } })
  expect((await client.request('/api/auth/me', { headers: { authorization: 'Basic abc' } })).status).toBe(200)
})

test.each(['Bearer wrong', 'Bearer ', 'Bearer a b', 'wrong'])('authorization %j is nobody', async (authorization) => {
  const reply = await app.createClient().request('/api/auth/me', { headers: { authorization } })
  expect(reply.status).toBe(401)
  expect(reply.headers.get('www-authenticate')).toBe('Bearer')
})
