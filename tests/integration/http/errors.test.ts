import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { createConnection } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collectLog } from '../../support/collect-log.ts'
import { anyone } from '../../../backend/src/http/policies/anyone.ts'
import { openTestApp, type SignedIn, type TestApp } from '../../support/open-test-app.ts'

const log = collectLog()
const bodyLimitBytes = 100_000
let app: TestApp
let person: SignedIn

beforeAll(async () => {
  app = await openTestApp({
    logger: log.logger,
    config: { bodyLimitBytes },
    extraRoutes: [
      (scope) => {
        scope.get('/api/broken', { config: { policy: anyone } }, () => {
          throw new Error('the secret is xyzzy')
        })
      },
    ],
  })
  person = await app.signIn()
})
afterAll(() => app.close())

test('every error has our shape, its request id in body and header, and is not cached', async () => {
  const reply = await person.client.request('/api/nothing')
  expect(reply.status).toBe(404)
  expect(reply.json()).toEqual({
    error: {
      code: 'not_found',
      message: 'There is nothing at this address.',
      requestId: reply.headers.get('x-request-id'),
    },
  })
  expect(reply.headers.get('cache-control')).toBe('no-store')
})

describe('bodies', () => {
  const path = '/api/chat/feedback'

  test('an unknown field is refused and named', async () => {
    const reply = await person.client.request(path, { body: { messageId: 'm', rating: 'good', extra: 1 } })
    expect(reply.status).toBe(400)
    expect(reply.json()).toMatchObject({
      error: { code: 'invalid_request', details: [{ in: 'body', path: '/extra', problem: 'is not a known field' }] },
    })
  })

  test('a missing field and a wrong type are named; nothing is coerced', async () => {
    const missing = await person.client.request(path, { body: { messageId: 'm' } })
    expect(missing.json()).toMatchObject({ error: { details: [{ in: 'body', path: '/rating' }] } })
    const wrong = await person.client.request(path, { body: { messageId: 5, rating: 'good' } })
    expect(wrong.json()).toMatchObject({ error: { details: [{ in: 'body', path: '/messageId' }] } })
  })

  test.each(['{', '', '{"__proto__":{"a":1}}', 'nope'])('%j is not JSON we take', async (rawBody) => {
    const reply = await person.client.request(path, { rawBody, headers: { 'content-type': 'application/json' } })
    expect(reply.status).toBe(400)
    expect(reply.json()).toMatchObject({ error: { code: 'invalid_json' } })
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'content type %s is refused',
    async (type) => {
      const reply = await person.client.request(path, { rawBody: 'a=1', headers: { 'content-type': type } })
      expect(reply.status).toBe(415)
      expect(reply.json()).toMatchObject({ error: { code: 'unsupported_media_type' } })
    },
  )

  test('20 MB is refused with 413, with and without a declared length', async () => {
    const declared = await person.client.request(path, { rawBody: Buffer.alloc(20_000_000, 'x') })
    expect(declared.status).toBe(413)
    expect(declared.json()).toMatchObject({ error: { code: 'body_too_large' } })
    const chunk = Buffer.alloc(1_000_000, 'x')
    let sentChunks = 0
    const rawBody = new ReadableStream({
      pull(controller) {
        if (sentChunks === 20) controller.close()
        else controller.enqueue(chunk)
        sentChunks += 1
      },
    })
    const streamed = await person.client.request(path, { rawBody })
    expect(streamed.status).toBe(413)
  })

  test('a body just below the limit is read', async () => {
    const comment = 'x'.repeat(bodyLimitBytes - 200)
    const reply = await person.client.request(path, { body: { messageId: 'm', rating: 'good', comment } })
    expect(reply.json()).toMatchObject({ error: { code: 'invalid_request', details: [{ path: '/comment' }] } })
  })

  test('text that PostgreSQL cannot hold is the sender’s mistake', async () => {
    const reply = await person.client.request(`/api/chat/sessions/search?q=${encodeURIComponent('a\u0000b')}`)
    expect(reply.status).toBe(200)
    const created = await person.client.request('/api/auth/api-keys', { body: { name: 'a\u0000b' } })
    expect(created.status).toBe(400)
    expect(created.json()).toMatchObject({ error: { code: 'invalid_request' } })
  })
})

describe('addresses', () => {
  test('a known address with another method is 405 and says which', async () => {
    const reply = await person.client.request('/api/chat/feedback')
    expect(reply.status).toBe(405)
    expect(reply.headers.get('allow')).toBe('POST')
    const session = await person.client.request('/api/chat/sessions/x', { method: 'PUT', body: {} })
    expect(session.headers.get('allow')).toBe('DELETE, GET, HEAD, PATCH')
  })

  test.each(['/api/chat/sessions/%ff', `/api/chat/sessions/${'x'.repeat(500)}`, '/api/chat/sessions/a%20b'])(
    '%s is refused in our shape',
    async (path) => {
      const reply = await person.client.request(path)
      expect(reply.status).toBe(400)
      expect(reply.json()).toMatchObject({ error: { code: 'invalid_request' } })
    },
  )

  test.each([
    ['both lengths', 'Content-Length: 4\r\nTransfer-Encoding: chunked'],
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5'],
    ['an unknown coding', 'Transfer-Encoding: chunked, identity'],
    ['a length that is none', 'Content-Length: 4a'],
  ])('a request whose end is not certain is refused: %s', async (_name, headers) => {
    const { hostname, port } = new URL(app.url)
    const socket = createConnection({ host: hostname, port: Number(port) })
    const second = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'
    socket.end(`POST /api/auth/login HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n0\r\n\r\n${second}`)
    const answer = await text(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
  })

  test('TRACE is not known anywhere, and echoes nothing', async () => {
    // `fetch` refuses to send it.
    const request = httpRequest(`${app.url}/api/auth/me`, { method: 'TRACE', headers: { cookie: 'a=xyzzy' } }).end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(405)
    expect(await text(response)).not.toContain('xyzzy')
  })

  test('a parameter that comes twice is refused, once it is taken', async () => {
    const search = '/api/chat/sessions/search?q=hello'
    expect((await person.client.request(search)).status).toBe(200)
    const twice = await person.client.request(`${search}&q=world`)
    expect(twice.status).toBe(400)
    expect(twice.json()).toMatchObject({
      error: { code: 'invalid_request', details: [{ in: 'querystring', path: '/q' }] },
    })
  })

  test('bytes that are no HTTP get an answer in our shape as well', async () => {
    const { hostname, port } = new URL(app.url)
    const socket = createConnection({ host: hostname, port: Number(port) })
    socket.end('nonsense\r\n\r\n')
    const answer = await text(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ error: { code: 'invalid_request' } })
  })
})

test('a bug is logged once with its stack and never shown', async () => {
  const reply = await person.client.request('/api/broken')
  expect(reply.status).toBe(500)
  expect(reply.json()).toMatchObject({ error: { code: 'internal', message: 'Something failed on our side.' } })
  expect(reply.text).not.toContain('xyzzy')
  const failed = log.lines.filter((line) => line['msg'] === 'request failed')
  expect(failed).toHaveLength(1)
  expect(failed[0]).toMatchObject({
    requestId: reply.headers.get('x-request-id'),
    route: '/api/broken',
    err: { message: 'the secret is xyzzy', stack: expect.stringContaining('errors.test.ts') as string },
  })
})
