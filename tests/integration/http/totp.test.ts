import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecoveryCodes, SecondStep, TotpEnrolment } from '../../../packages/protocol/src/api/identity-schema.ts'
import type { HttpClient, HttpReply } from '../../support/create-http-client.ts'
import { openTestApp, type SignedIn, type TestApp } from '../../support/open-test-app.ts'
import { readTotpApp } from '../../support/totp-app.ts'

const STEP_MS = 30_000
let nowMs = Date.UTC(2026, 0, 1)
const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, setTimer: () => () => undefined }
let app: TestApp

beforeAll(async () => {
  app = await openTestApp({ peopleClock: clock })
})
afterAll(() => app.close())

interface Enrolled extends SignedIn {
  secret: string
  recoveryCodes: string[]
}

async function begin(client: HttpClient): Promise<string> {
  const reply = await client.request('/api/auth/totp', { body: { password: app.password } })
  return (reply.json() as TotpEnrolment).secret
}

async function enrol(): Promise<Enrolled> {
  const person = await app.signIn()
  const secret = await begin(person.client)
  const body = { code: readTotpApp(secret, nowMs) }
  const reply = await person.client.request('/api/auth/totp/confirm', { body })
  nowMs += STEP_MS
  return { ...person, secret, recoveryCodes: (reply.json() as RecoveryCodes).recoveryCodes }
}

async function getTicket(email: string): Promise<string> {
  const reply = await app.createClient().request('/api/auth/login', { body: { email, password: app.password } })
  expect(reply.status).toBe(202)
  expect(reply.headers.getSetCookie()).toEqual([])
  return (reply.json() as SecondStep).ticket
}

function pass(ticket: string, code: string, client = app.createClient()): Promise<HttpReply> {
  return client.request('/api/auth/login/second-step', { body: { ticket, code } })
}

function toCode(reply: HttpReply): unknown {
  return (reply.json() as { error?: { code: string } }).error?.code
}

describe('enrolment', () => {
  test('needs the password and a first code; until then nothing is asked at sign-in', async () => {
    const { client, email } = await app.signIn()
    const wrong = await client.request('/api/auth/totp', { body: { password: 'wrong' } })
    expect(toCode(wrong)).toBe('invalid_credentials')
    const secret = await begin(client)
    const login = await app.createClient().request('/api/auth/login', { body: { email, password: app.password } })
    expect(login.status).toBe(200)
    const guessed = await client.request('/api/auth/totp/confirm', { body: { code: '000000' } })
    expect(toCode(guessed)).toBe('second_step_invalid')
    expect((await client.request('/api/auth/totp')).json()).toEqual({ isEnabled: false, recoveryCodesLeft: 0 })
    const body = { code: readTotpApp(secret, nowMs) }
    expect((await client.request('/api/auth/totp/confirm', { body })).status).toBe(200)
    expect((await client.request('/api/auth/totp')).json()).toEqual({ isEnabled: true, recoveryCodesLeft: 10 })
    expect(toCode(await client.request('/api/auth/totp', { body: { password: app.password } }))).toBe(
      'totp_already_enabled',
    )
  })

  test('gives this browser a new token and ends the other logins', async () => {
    const person = await app.signIn()
    const other = app.createClient()
    await other.request('/api/auth/login', { body: { email: person.email, password: app.password } })
    const before = person.client.cookies.get('llmchat_session')
    const secret = await begin(person.client)
    const body = { code: readTotpApp(secret, nowMs) }
    await person.client.request('/api/auth/totp/confirm', { body })
    expect(person.client.cookies.get('llmchat_session')).not.toBe(before)
    expect((await person.client.request('/api/auth/me')).status).toBe(200)
    expect((await other.request('/api/auth/me')).status).toBe(401)
  })

  test('keeps neither the secret nor the codes readable', async () => {
    const { userId, secret, recoveryCodes } = await enrol()
    const kysely = app.database.kysely
    const rows = [
      ...(await kysely.selectFrom('user_totp').selectAll().where('user_id', '=', userId).execute()),
      ...(await kysely.selectFrom('recovery_codes').selectAll().where('user_id', '=', userId).execute()),
    ]
    expect(rows).toHaveLength(11)
    const text = JSON.stringify(rows)
    for (const plain of [secret, ...recoveryCodes]) expect(text).not.toContain(plain)
  })
})

describe('the second step', () => {
  test('lets in with the code, which then is worth nothing', async () => {
    const { email, secret } = await enrol()
    const code = readTotpApp(secret, nowMs)
    const client = app.createClient()
    expect((await pass(await getTicket(email), code, client)).json()).toMatchObject({ user: { email } })
    expect((await client.request('/api/auth/me')).status).toBe(200)
    expect(toCode(await pass(await getTicket(email), code))).toBe('second_step_invalid')
    expect(toCode(await pass(await getTicket(email), readTotpApp(secret, nowMs, -1)))).toBe('second_step_invalid')
    expect((await pass(await getTicket(email), readTotpApp(secret, nowMs, 1))).status).toBe(200)
  })

  test('one of two with the same code at the same moment gets in', async () => {
    const { email, secret } = await enrol()
    const tickets = [await getTicket(email), await getTicket(email), await getTicket(email)]
    const code = readTotpApp(secret, nowMs)
    const replies = await Promise.all(tickets.map((ticket) => pass(ticket, code)))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401, 401])
  })

  test('a ticket takes five wrong codes, five minutes and one right code', async () => {
    const { email, secret } = await enrol()
    const tried = await getTicket(email)
    const codes: unknown[] = []
    for (let attempt = 0; attempt < 6; attempt += 1) codes.push(toCode(await pass(tried, '000000')))
    expect(codes).toEqual([...Array<string>(5).fill('second_step_invalid'), 'second_step_expired'])
    expect(toCode(await pass(tried, readTotpApp(secret, nowMs)))).toBe('second_step_expired')
    const used = await getTicket(email)
    expect((await pass(used, readTotpApp(secret, nowMs))).status).toBe(200)
    nowMs += STEP_MS
    expect(toCode(await pass(used, readTotpApp(secret, nowMs)))).toBe('second_step_expired')
    const late = await getTicket(email)
    nowMs += 5 * 60_000 + 1
    expect(toCode(await pass(late, readTotpApp(secret, nowMs)))).toBe('second_step_expired')
    expect(toCode(await pass('never made', readTotpApp(secret, nowMs)))).toBe('second_step_expired')
  })

  test('a recovery code lets in once', async () => {
    const { email, client, userId, recoveryCodes } = await enrol()
    const [code = ''] = recoveryCodes
    expect((await pass(await getTicket(email), code.toLowerCase())).status).toBe(200)
    expect(toCode(await pass(await getTicket(email), code))).toBe('second_step_invalid')
    expect((await client.request('/api/auth/totp')).json()).toEqual({ isEnabled: true, recoveryCodesLeft: 9 })
    const body = { password: app.password }
    const renewed = await client.request('/api/auth/totp/recovery-codes', { body })
    expect((renewed.json() as RecoveryCodes).recoveryCodes).toHaveLength(10)
    expect(toCode(await pass(await getTicket(email), recoveryCodes[1] ?? ''))).toBe('second_step_invalid')
    const logins = await app.database.kysely
      .selectFrom('audit_logs')
      .select(['action', 'details'])
      .where('target_id', '=', userId)
      .where('action', 'like', 'login.%')
      .orderBy('seq')
      .execute()
    expect(logins).toEqual([
      { action: 'login.succeeded', details: { method: 'password' } },
      { action: 'login.succeeded', details: { step: 'recovery-code' } },
      { action: 'login.failed', details: { step: 'code' } },
      { action: 'login.failed', details: { step: 'code' } },
    ])
  })

  test('is asked for also after a reset of the password', async () => {
    const { email, userId } = await enrol()
    const admin = await app.signIn('admin')
    const path = `/api/admin/users/${userId}/password-reset-link`
    const { url } = (await admin.client.request(path, { method: 'POST' })).json() as { url: string }
    const password = 'seven quiet lanterns drift'
    const body = { token: url.split('#')[1], password }
    expect((await app.createClient().request('/api/auth/password-reset', { body })).status).toBe(204)
    expect((await app.createClient().request('/api/auth/login', { body: { email, password } })).status).toBe(202)
  })

  test('is off after the person switched it off, for which the password is needed', async () => {
    const { client, email } = await enrol()
    const wrong = await client.request('/api/auth/totp/disable', { body: { password: 'wrong' } })
    expect(toCode(wrong)).toBe('invalid_credentials')
    await getTicket(email)
    const body = { password: app.password }
    expect((await client.request('/api/auth/totp/disable', { body })).status).toBe(200)
    const login = await app.createClient().request('/api/auth/login', { body: { email, password: app.password } })
    expect(login.status).toBe(200)
  })

  test('is taken off by an administrator for somebody who has lost it, never by anybody else', async () => {
    const lost = await enrol()
    const path = `/api/admin/users/${lost.userId}/totp`
    const ticket = await getTicket(lost.email)
    for (const role of ['operator', 'auditor', 'member'] as const) {
      const { client } = await app.signIn(role)
      expect((await client.request(path, { method: 'DELETE' })).status, role).toBe(403)
    }
    const { client: admin } = await app.signIn('admin')
    const seen = () => admin.request(`/api/admin/users/${lost.userId}`)
    expect((await seen()).json()).toMatchObject({ hasSecondFactor: true })
    expect((await admin.request(path, { method: 'DELETE' })).status).toBe(204)
    expect((await seen()).json()).toMatchObject({ hasSecondFactor: false })
    expect((await lost.client.request('/api/auth/me')).status).toBe(401)
    expect(toCode(await pass(ticket, readTotpApp(lost.secret, nowMs)))).toBe('second_step_expired')
    const body = { email: lost.email, password: app.password }
    expect((await app.createClient().request('/api/auth/login', { body })).status).toBe(200)
    expect(toCode(await admin.request(path, { method: 'DELETE' }))).toBe('totp_not_enrolled')
  })

  test('an administrator cannot take off their own without their password', async () => {
    const admin = await app.signIn('admin')
    const secret = await begin(admin.client)
    await admin.client.request('/api/auth/totp/confirm', { body: { code: readTotpApp(secret, nowMs) } })
    const reply = await admin.client.request(`/api/admin/users/${admin.userId}/totp`, { method: 'DELETE' })
    expect(toCode(reply)).toBe('conflict')
    expect((await admin.client.request('/api/auth/totp')).json()).toMatchObject({ isEnabled: true })
  })
})
