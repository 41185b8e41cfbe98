import { afterAll, beforeAll, expect, test } from 'vitest'
import { collectLog } from '../../support/collect-log.ts'
import { anyone } from '../../../backend/src/http/policies/anyone.ts'
import { openTestApp, type TestApp } from '../../support/open-test-app.ts'

const log = collectLog()
let app: TestApp

beforeAll(async () => {
  app = await openTestApp({
    logger: log.logger,
    extraRoutes: [
      (scope) => {
        scope.get('/api/test-stream', { config: { policy: anyone } }, (_request, reply) => {
          reply.hijack()
          reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
          reply.raw.write(': hello\n\n')
        })
      },
    ],
  })
})
afterAll(() => app.close())

test('one line per request: the pattern of the route, status, time, who; nothing of what was said', async () => {
  const { client, userId } = await app.signIn()
  const reply = await client.request('/api/chat/sessions/private-name?q=private')
  const requestId = reply.headers.get('x-request-id')
  const line = await log.waitFor((entry) => entry['requestId'] === requestId)
  expect(line).toMatchObject({
    level: 30,
    msg: 'request',
    room: 'http',
    method: 'GET',
    route: '/api/chat/sessions/:sessionId',
    status: 404,
    durationMs: expect.any(Number) as number,
    userId,
  })
  expect(log.lines.filter((entry) => entry['requestId'] === requestId)).toHaveLength(1)
  expect(JSON.stringify(log.lines)).not.toContain('private')
})

test('a refusal says who asked for what', async () => {
  const { client, userId } = await app.signIn()
  const reply = await client.request('/api/admin/users')
  const requestId = reply.headers.get('x-request-id')
  const line = await log.waitFor((entry) => entry['requestId'] === requestId)
  expect(line).toMatchObject({ route: '/api/admin/users', status: 403, userId })
  const stranger = await app.createClient().request('/api/admin/users')
  const nobody = await log.waitFor((entry) => entry['requestId'] === stranger.headers.get('x-request-id'))
  expect(nobody).toMatchObject({ route: '/api/admin/users', status: 401 })
  expect(nobody).not.toHaveProperty('userId')
})

test('no cookie, password or token reaches the log', async () => {
  const { client } = await app.signIn()
  await client.request('/api/auth/me')
  const reply = await client.request('/api/nothing')
  await log.waitFor((entry) => entry['requestId'] === reply.headers.get('x-request-id'))
  const written = JSON.stringify(log.lines)
  for (const secret of client.cookies.values()) expect(written).not.toContain(secret)
  expect(written).not.toContain(app.password)
})

test('a stream is logged when its reader goes away, and is no latency', async () => {
  const { client } = await app.signIn()
  const abort = new AbortController()
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await fetch(`${app.url}/api/test-stream`, { headers: { cookie }, signal: abort.signal })
  expect(response.status).toBe(200)
  expect(log.lines.some((entry) => entry['route'] === '/api/test-stream')).toBe(false)
  abort.abort()
  const line = await log.waitFor((entry) => entry['route'] === '/api/test-stream')
  expect(line).toMatchObject({ status: 200, isCutOff: true })
  const metrics = await app.createClient().request('/metrics')
  expect(metrics.text).toContain('llmchat_http_requests_total{method="GET",route="/api/test-stream",status="200"} 1')
  expect(metrics.text).not.toContain('llmchat_http_request_seconds_count{method="GET",route="/api/test-stream"}')
})
