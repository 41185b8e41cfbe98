import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Invitation } from '../../../packages/protocol/src/api/identity-schema.ts'
import { openTestApp, type SignedIn, type TestApp } from '../../support/open-test-app.ts'

const START_MS = Date.UTC(2026, 0, 1)
const HOUR_MS = 3_600_000
const newPassword = 'seven quiet lanterns drift'

let nowMs = START_MS
const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, setTimer: () => () => undefined }
let app: TestApp
let admin: SignedIn

beforeAll(async () => {
  app = await openTestApp({ peopleClock: clock })
  admin = await app.signIn('admin')
})
afterAll(() => app.close())

async function login(email: string, password: string): Promise<number> {
  return (await app.createClient().request('/api/auth/login', { body: { email, password } })).status
}

/** The secret behind the # of a link. */
function toToken(reply: { json(): unknown }): string {
  const { url } = reply.json() as { url: string }
  return url.split('#')[1] ?? ''
}

describe('a change of the password', () => {
  test('needs the current one, ends every other login and goes on here with a new token', async () => {
    const { client, email } = await app.signIn()
    const other = app.createClient()
    await other.request('/api/auth/login', { body: { email, password: app.password } })
    const oldToken = client.cookies.get('llmchat_session') ?? ''
    const wrong = await client.request('/api/auth/password', { body: { currentPassword: 'wrong', newPassword } })
    expect(wrong.json()).toMatchObject({ error: { code: 'invalid_credentials' } })
    const body = { currentPassword: app.password, newPassword }
    expect((await client.request('/api/auth/password', { body })).status).toBe(200)
    expect(client.cookies.get('llmchat_session')).not.toBe(oldToken)
    expect((await client.request('/api/auth/me')).status).toBe(200)
    expect((await other.request('/api/auth/me')).status).toBe(401)
    const headers = { cookie: `llmchat_session=${oldToken}` }
    expect((await app.createClient().request('/api/auth/me', { headers })).status).toBe(401)
    expect([await login(email, app.password), await login(email, newPassword)]).toEqual([401, 200])
    const written = await app.database.kysely.selectFrom('audit_logs').select('action').orderBy('seq').execute()
    expect(written.at(-3)?.action).toBe('password.changed')
  })

  test.each(['short', 'Password1234!', 'LLMChat-2026!!'])('to %s is refused and changes nothing', async (refused) => {
    const { client, email } = await app.signIn()
    const body = { currentPassword: app.password, newPassword: refused }
    const reply = await client.request('/api/auth/password', { body })
    expect(reply.json()).toMatchObject({ error: { code: 'password_refused', details: { field: 'password' } } })
    expect((await client.request('/api/auth/me')).status).toBe(200)
    expect(await login(email, app.password)).toBe(200)
  })

  test('is nothing for an API key', async () => {
    const { client } = await app.signIn()
    const { secret } = (await client.request('/api/auth/api-keys', { body: { name: 'x' } })).json() as {
      secret: string
    }
    const headers = { authorization: `Bearer ${secret}` }
    const body = { currentPassword: app.password, newPassword }
    const reply = await app.createClient().request('/api/auth/password', { body, headers })
    expect(reply.json()).toMatchObject({ error: { code: 'forbidden' } })
  })
})

test('a password is taken and asked for letter by letter', async () => {
  const { client, email } = await app.signIn()
  const exact = ` Nine Copper kettles wander 水壶 ${'x'.repeat(90)}`
  const body = { currentPassword: app.password, newPassword: exact }
  expect((await client.request('/api/auth/password', { body })).status).toBe(200)
  const others = [exact.trim(), exact.toLowerCase(), exact.slice(0, -1), `${exact}x`]
  for (const other of others) expect([other, await login(email, other)]).toEqual([other, 401])
  expect(await login(email, exact)).toBe(200)
})

describe('a reset link', () => {
  const toPath = (userId: string): string => `/api/admin/users/${userId}/password-reset-link`

  test('works once, ends all logins, and signs nobody in', async () => {
    const { client, email, userId } = await app.signIn()
    const made = await admin.client.request(toPath(userId), { method: 'POST' })
    expect(made.status).toBe(201)
    const token = toToken(made)
    const visitor = app.createClient()
    const info = await visitor.request('/api/auth/link', { body: { token } })
    expect(info.json()).toMatchObject({ kind: 'password-reset', email })
    const body = { token, password: newPassword }
    const reset = await visitor.request('/api/auth/password-reset', { body })
    expect(reset.status).toBe(204)
    expect(visitor.cookies.has('llmchat_session')).toBe(false)
    expect((await client.request('/api/auth/me')).status).toBe(401)
    expect([await login(email, app.password), await login(email, newPassword)]).toEqual([401, 200])
    const again = await visitor.request('/api/auth/password-reset', { body })
    expect(again.json()).toMatchObject({ error: { code: 'link_invalid' } })
  })

  test('is given to one of two who use it at the same moment', async () => {
    const { userId } = await app.signIn()
    const token = toToken(await admin.client.request(toPath(userId), { method: 'POST' }))
    const body = { token, password: newPassword }
    const replies = await Promise.all(
      [1, 2, 3].map(() => app.createClient().request('/api/auth/password-reset', { body })),
    )
    expect(replies.map((reply) => reply.status).sort()).toEqual([204, 404, 404])
  })

  test('is stored as a hash, ends after two hours, and ends with the next change of the password', async () => {
    const { userId } = await app.signIn()
    const tokens = [toToken(await admin.client.request(toPath(userId), { method: 'POST' }))]
    const rows = await app.database.kysely.selectFrom('one_time_tokens').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(tokens[0])
    nowMs += 2 * HOUR_MS + 1
    expect((await app.createClient().request('/api/auth/link', { body: { token: tokens[0] } })).status).toBe(404)
    admin = await app.signIn('admin')
    tokens.push(toToken(await admin.client.request(toPath(userId), { method: 'POST' })))
    tokens.push(toToken(await admin.client.request(toPath(userId), { method: 'POST' })))
    const use = (token: string | undefined) =>
      app.createClient().request('/api/auth/password-reset', { body: { token, password: newPassword } })
    expect((await use(tokens[1])).status).toBe(204)
    expect((await use(tokens[2])).status).toBe(404)
  })

  test('a refused password leaves the link usable', async () => {
    const { userId } = await app.signIn()
    const token = toToken(await admin.client.request(toPath(userId), { method: 'POST' }))
    const use = (password: string) =>
      app.createClient().request('/api/auth/password-reset', { body: { token, password } })
    expect((await use('Password1234!')).status).toBe(400)
    expect((await use(newPassword)).status).toBe(204)
  })

  test('is for admins to make, of people there are', async () => {
    const { client, userId } = await app.signIn()
    expect((await client.request(toPath(userId), { method: 'POST' })).status).toBe(403)
    const nobody = await admin.client.request(toPath('nobody'), { method: 'POST' })
    expect(nobody.json()).toMatchObject({ error: { code: 'user_not_found' } })
  })
})

describe('an invitation', () => {
  async function invite(email: string, role = 'member') {
    return admin.client.request('/api/admin/invitations', { body: { email, role, name: 'Bo' } })
  }

  test('makes the account it names, once, and signs in', async () => {
    const made = await invite('Bo@Example.com', 'admin')
    expect(made.status).toBe(201)
    const token = toToken(made)
    const visitor = app.createClient()
    const info = await visitor.request('/api/auth/link', { body: { token } })
    expect(info.json()).toMatchObject({ kind: 'invitation', email: 'bo@example.com', name: 'Bo' })
    const body = { token, password: newPassword }
    const accepted = await visitor.request('/api/auth/invitation', { body })
    expect(accepted.json()).toMatchObject({ user: { email: 'bo@example.com', name: 'Bo', role: 'admin' } })
    expect((await visitor.request('/api/auth/me')).status).toBe(200)
    expect((await app.createClient().request('/api/auth/invitation', { body })).status).toBe(404)
    expect((await invite('bo@example.com')).json()).toMatchObject({ error: { code: 'conflict' } })
  })

  test('is listed without its secret until it is used, taken back or a week old', async () => {
    const made = await invite('carl@example.com')
    const { invitation } = made.json() as { invitation: Invitation }
    const listed = await admin.client.request('/api/admin/invitations')
    expect(listed.json()).toMatchObject({ invitations: [{ id: invitation.id, email: 'carl@example.com' }] })
    expect(listed.text).not.toContain(toToken(made))
    const path = `/api/admin/invitations/${invitation.id}`
    expect((await admin.client.request(path, { method: 'DELETE' })).status).toBe(204)
    expect((await admin.client.request(path, { method: 'DELETE' })).status).toBe(404)
    const use = (token: string) =>
      app.createClient().request('/api/auth/invitation', { body: { token, password: newPassword } })
    expect((await use(toToken(made))).status).toBe(404)
    const late = toToken(await invite('dora@example.com'))
    nowMs += 7 * 24 * HOUR_MS + 1
    expect((await use(late)).status).toBe(404)
    admin = await app.signIn('admin')
  })

  test('is for admins to make and see', async () => {
    const { client } = await app.signIn()
    const body = { email: 'x@example.com', role: 'admin' }
    expect((await client.request('/api/admin/invitations', { body })).status).toBe(403)
    expect((await client.request('/api/admin/invitations')).status).toBe(403)
  })
})
