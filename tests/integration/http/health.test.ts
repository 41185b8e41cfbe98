import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DetailedHealth } from '../../../packages/protocol/src/api/health-schema.ts'
import { openTestApp, type TestApp } from '../../support/open-test-app.ts'

let app: TestApp
let isDraining = false
let isRefusing = false
let isStarted = true
let isStoreAway = false
const far = { 'x-forwarded-for': '192.0.2.1' }

beforeAll(async () => {
  app = await openTestApp({
    drain: { isDraining: () => isDraining, isRefusing: () => isRefusing },
    isStarted: () => isStarted,
    opsToken: 'ops-token',
    checkFileStore: () => (isStoreAway ? Promise.reject(new Error('away')) : Promise.resolve()),
    cli: {
      token: 'lock-token',
      runCommand: (commandArguments) => Promise.resolve({ exitCode: 3, output: commandArguments.join(' ') }),
    },
  })
})
afterAll(() => app.close())

test('all is well', async () => {
  const client = app.createClient()
  expect((await client.request('/health')).json()).toEqual({ status: 'ok', version: '0.0.0' })
  expect((await client.request('/health/live')).json()).toEqual({ status: 'ok' })
  expect((await client.request('/health/startup')).json()).toEqual({ isStarted: true })
  expect((await client.request('/health/ready')).json()).toEqual({
    isReady: true,
    isDegraded: false,
    checks: { database: true, migrations: true, draining: false },
  })
})

test('details are for operators: this machine, the ops token, an admin; not for anyone else', async () => {
  const visitor = app.createClient()
  const summary = (await visitor.request('/health/detailed', { headers: far })).json()
  expect(summary).toEqual({ status: 'ok', version: '0.0.0' })
  const member = await app.signIn()
  expect((await member.client.request('/health/detailed', { headers: far })).json()).toEqual(summary)

  const admin = await app.signIn('admin')
  const views = [
    visitor.request('/health/detailed'),
    visitor.request('/health/detailed', { headers: { ...far, authorization: 'Bearer ops-token' } }),
    admin.client.request('/health/detailed', { headers: far }),
  ]
  for (const view of await Promise.all(views)) {
    const detailed = view.json() as DetailedHealth
    expect(detailed.checks?.map((check) => [check.name, check.status])).toEqual([
      ['database', 'ok'],
      ['agents', 'ok'],
      ['file store', 'ok'],
    ])
    expect(detailed.process?.instanceId).toBe('test')
  }
})

test('metrics are for operators', async () => {
  const client = app.createClient()
  expect((await client.request('/metrics')).text).toContain('# TYPE llmchat_http_requests_total counter')
  const refused = [
    client.request('/metrics', { headers: far }),
    client.request('/metrics', { headers: { ...far, authorization: 'Bearer wrong' } }),
    client.request('/metrics', { headers: { forwarded: 'for=192.0.2.1' } }),
  ]
  for (const reply of await Promise.all(refused)) expect(reply.status).toBe(403)
})

test('a page whose name was made to resolve to this machine is no operator', async () => {
  const { port } = new URL(app.url)
  const [response] = (await once(get({ port, path: '/metrics', headers: { host: 'evil.example' } }), 'response')) as [
    IncomingMessage,
  ]
  response.resume()
  expect(response.statusCode).toBe(403)
})

test('the command line comes in with the token of the lock file and from this machine only', async () => {
  const client = app.createClient()
  const body = { arguments: ['doctor', '--json'] }
  const authorization = 'Bearer lock-token'
  const reply = await client.request('/internal/cli', { body, headers: { authorization } })
  expect(reply.json()).toEqual({ exitCode: 3, output: 'doctor --json' })
  const refused = [
    client.request('/internal/cli', { body }),
    client.request('/internal/cli', { body, headers: { authorization: 'Bearer wrong' } }),
    client.request('/internal/cli', { body, headers: { authorization, ...far } }),
  ]
  for (const attempt of await Promise.all(refused)) {
    expect(attempt.status).toBe(404)
    expect(attempt.json()).toMatchObject({ error: { code: 'not_found' } })
  }
})

test('draining: not ready at once, still serving, then refusing; probes answer throughout', async () => {
  const { client } = await app.signIn()
  isDraining = true
  const ready = await client.request('/health/ready')
  expect(ready.status).toBe(503)
  expect(ready.json()).toMatchObject({ isReady: false, checks: { draining: true } })
  const served = await client.request('/api/auth/me')
  expect(served.status).toBe(200)
  expect(served.headers.get('connection')).toBe('close')

  isRefusing = true
  const refused = await client.request('/api/auth/me')
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(refused.json()).toMatchObject({ error: { code: 'draining' } })
  expect((await client.request('/health/live')).status).toBe(200)
  isDraining = false
  isRefusing = false
  expect((await client.request('/health/ready')).status).toBe(200)
})

test('the file store away: degraded, and still to be sent requests', async () => {
  const client = app.createClient()
  isStoreAway = true
  const detailed = (await client.request('/health/detailed')).json() as DetailedHealth
  expect(detailed.status).toBe('degraded')
  expect(detailed.checks).toContainEqual(expect.objectContaining({ name: 'file store', status: 'down' }))
  expect((await client.request('/health')).status).toBe(200)
  expect((await client.request('/health/ready')).status).toBe(200)
  isStoreAway = false
})

test('not started yet', async () => {
  isStarted = false
  expect((await app.createClient().request('/health/startup')).status).toBe(503)
  isStarted = true
})

test('the database away: alive, not ready, down, and requests say so', async () => {
  const lonely = await openTestApp()
  const { client } = await lonely.signIn()
  await lonely.database.close()
  expect((await client.request('/health/live')).status).toBe(200)
  expect((await client.request('/health/ready')).json()).toMatchObject({ isReady: false, checks: { database: false } })
  const detailed = await client.request('/health/detailed')
  expect(detailed.status).toBe(503)
  expect(detailed.json()).toMatchObject({ status: 'down', checks: [{ name: 'database', status: 'down' }, {}, {}] })
  const listed = await client.request('/api/chat/sessions')
  expect(listed.status).toBe(503)
  expect(listed.json()).toMatchObject({ error: { code: 'database_unavailable' } })
  await lonely.close()
})

test('a receiver of the audit log that is away is told, and the instance stays ready', async () => {
  let failedSince: Date | null = null
  const pushing = await openTestApp({
    opsToken: 'ops-token',
    listAuditPushes: () => Promise.resolve([{ receiver: 'http', waiting: 3, failedSince }]),
  })
  const client = pushing.createClient()
  const ask = async (): Promise<DetailedHealth> => (await client.request('/health/detailed')).json() as DetailedHealth
  expect((await ask()).status).toBe('ok')
  failedSince = new Date()
  const health = await ask()
  expect(health.status).toBe('degraded')
  expect(health.checks?.find(({ name }) => name === 'audit push')).toMatchObject({
    status: 'degraded',
    details: { receivers: [{ receiver: 'http', waiting: 3 }] },
  })
  expect((await client.request('/health/ready')).status).toBe(200)
  await pushing.close()
})
