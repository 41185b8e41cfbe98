import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect, createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { createGate } from '../../support/create-gate.ts'
import { checkNginxFiles, openNginx, type NginxServer } from '../../support/nginx-server.ts'
import { findFreePort } from '../../support/start-server.ts'

/** More than all socket buffers between two ends hold. */
const limitBytes = 64 * 1024 * 1024

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

interface Upstream {
  address: string
  seen: IncomingMessage[]
}

/** A server behind nginx that records what reaches it. */
async function openUpstream(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Upstream> {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    request.resume()
    answer(request, response)
  })
  return { address: await listen(server), seen }
}

const answerOk = (_request: IncomingMessage, response: ServerResponse) => void response.end('ok')

/** Takes the request and dies before it has answered: nobody can know how far it came. */
async function openDyingUpstream(): Promise<{ address: string; countRequests(): number }> {
  let requests = 0
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      requests += 1
      socket.resetAndDestroy()
    })
  })
  return { address: await listen(server), countRequests: () => requests }
}

async function listen(server: Server | TcpServer): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(async () => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function open(...instances: string[]): Promise<NginxServer> {
  const nginx = await openNginx({ instances, workers: 1 })
  closers.push(() => nginx.close())
  return nginx
}

describe('the shipped nginx files', () => {
  it('are accepted by nginx', async () => {
    const verdict = await checkNginxFiles()
    expect(verdict).toContain('test is successful')
    expect(verdict).not.toContain('[warn]')
  })

  it('serve HTTP/2 over TLS and send plain HTTP there', async () => {
    const { address, seen } = await openUpstream(answerOk)
    const nginx = await open(address)
    const session = connectHttp2(nginx.tlsUrl, { rejectUnauthorized: false })
    const stream = session.request({ ':path': '/api/agents' })
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>]
    expect(headers[':status']).toBe(200)
    expect(session.alpnProtocol).toBe('h2')
    stream.resume()
    session.close()
    expect(seen[0]?.headers['x-forwarded-proto']).toBe('https')
    const redirected = await fetch(`${nginx.redirectUrl}/a?b=c`, { redirect: 'manual' })
    expect(redirected.status).toBe(308)
    expect(redirected.headers.get('location')).toBe('https://127.0.0.1/a?b=c')
    // A program is told, not sent on: it would send its key in the clear each time.
    for (const path of ['/api/agents', '/v1/models', '/scim/v2/Users', '/health']) {
      const refused = await fetch(nginx.redirectUrl + path, { redirect: 'manual' })
      expect([path, refused.status]).toEqual([path, 403])
      expect(await refused.json()).toMatchObject({ error: { code: 'forbidden' } })
    }
    expect((await fetch(`${nginx.redirectUrl}/apiary`, { redirect: 'manual' })).status).toBe(308)
  })

  it('speak TLS 1.3 and 1.2, nothing older, and only with forward secrecy and authenticated encryption', async () => {
    const nginx = await open((await openUpstream(answerOk)).address)
    const old = (options: ConnectionOptions) => shakeHands(nginx, { maxVersion: 'TLSv1.2', ...options })
    expect(await shakeHands(nginx, {})).toMatch(/^TLSv1\.3 /)
    expect(await old({})).toMatch(/^TLSv1\.2 ECDHE-ECDSA-AES(128|256)-GCM-SHA/)
    expect(await old({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' })).toBe('refused')
    expect(await old({ ciphers: 'ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA' })).toBe('refused')
  })

  it('do not know TRACE', async () => {
    const { address, seen } = await openUpstream(answerOk)
    const nginx = await open(address)
    expect(await askByMethod(nginx.url, 'TRACE')).toBe(405)
    expect(await askByMethod(nginx.url, 'GET')).toBe(200)
    expect(seen).toHaveLength(1)
  })
})

/** The version and the cipher of a TLS connection, or `refused`. */
async function shakeHands(nginx: NginxServer, options: ConnectionOptions): Promise<string> {
  const socket = connectTls({ port: Number(new URL(nginx.tlsUrl).port), rejectUnauthorized: false, ...options })
  try {
    await once(socket, 'secureConnect')
    return `${socket.getProtocol() ?? ''} ${socket.getCipher().name}`
  } catch {
    return 'refused'
  } finally {
    socket.destroy()
  }
}

/** `fetch` refuses to send TRACE. */
async function askByMethod(url: string, method: string): Promise<number> {
  const request = httpRequest(`${url}/api/agents`, { method }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode ?? 0
}

describe('event streams through nginx', () => {
  const routes = [
    ['POST', '/api/chat'],
    ['GET', '/api/chat/s1/stream'],
    ['POST', '/v1/chat/completions'],
  ] as const

  it.each(routes)('%s %s: each frame passes at once, and uncompressed', async (method, path) => {
    const frames = ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']
    const gates = frames.map(() => createGate())
    const { address } = await openUpstream((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      frames.forEach((frame, index) => void gates[index]?.passed.then(() => response.write(frame)))
    })
    const nginx = await open(address)
    gates[0]?.open()
    const response = await fetch(nginx.url + path, { method, headers: { 'accept-encoding': 'gzip' } })
    expect(response.headers.get('content-encoding')).toBeNull()
    const reader = response.body?.getReader() ?? expect.fail('no body')
    for (const [index, frame] of frames.entries()) {
      // The upstream writes the next one only when this one has come.
      const { value } = await reader.read()
      expect(new TextDecoder().decode(value)).toBe(frame)
      gates[index + 1]?.open()
    }
    await reader.cancel()
  })

  it('does not take more of an answer than its viewer does', async () => {
    let written = 0
    const { address } = await openUpstream((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const piece = 'x'.repeat(65_536)
      const fill = () => {
        let hasRoom = true
        while (hasRoom && written < limitBytes) {
          hasRoom = response.write(piece)
          written += piece.length
        }
      }
      response.on('drain', fill)
      fill()
    })
    const nginx = await open(address)
    const socket = connect({ port: nginx.port, host: '127.0.0.1' })
    socket.pause()
    socket.write('GET /api/chat/s1/stream HTTP/1.1\r\nHost: x\r\n\r\n')
    let before = -1
    // Until nothing moves any more: the sockets on the way are full, and no file takes the rest.
    await expect
      .poll(
        () => {
          const isStill = written > 0 && written === before
          before = written
          return isStill
        },
        { interval: 300, timeout: 15_000 },
      )
      .toBe(true)
    expect(written).toBeLessThan(limitBytes)
    socket.destroy()
  })

  it('is compressed where it is no stream', async () => {
    const { address } = await openUpstream((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ text: 'x'.repeat(5000) }))
    })
    const nginx = await open(address)
    const response = await fetch(`${nginx.url}/api/chat/sessions`, { headers: { 'accept-encoding': 'gzip' } })
    expect(response.headers.get('content-encoding')).toBe('gzip')
  })
})

describe('what a client claims about itself', () => {
  it('goes no further than nginx', async () => {
    const { address, seen } = await openUpstream(answerOk)
    const nginx = await open(address)
    const forged = {
      'x-forwarded-for': '203.0.113.7',
      'x-real-ip': '203.0.113.7',
      forwarded: 'for=203.0.113.7',
      'x-forwarded-proto': 'gopher',
      'x-forwarded-host': 'evil.example',
      'x-request-id': 'chosen-by-the-client',
    }
    await fetch(`${nginx.url}/api/agents`, { headers: forged })
    const headers = seen[0]?.headers ?? expect.fail('nothing came')
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': new URL(nginx.url).host,
      host: new URL(nginx.url).host,
    })
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/)
    expect(headers).not.toHaveProperty('x-real-ip')
    expect(headers).not.toHaveProperty('forwarded')
  })
})

describe('an instance that died', () => {
  const repeatable = [
    ['POST', '/api/chat', {}],
    ['GET', '/api/chat/s1/stream', {}],
    ['GET', '/api/chat/sessions', {}],
    ['POST', '/v1/chat/completions', { 'idempotency-key': 'k1' }],
  ] as const
  const onceOnly = [
    ['POST', '/api/chat/s1/stop', {}],
    ['PATCH', '/api/chat/sessions/s1', {}],
    ['POST', '/v1/chat/completions', {}],
    ['POST', '/api/auth/login', {}],
  ] as const

  async function ask(nginx: NginxServer, method: string, path: string, headers: Record<string, string>) {
    const body = method === 'GET' ? null : '{"message":1}'
    const response = await fetch(nginx.url + path, { method, headers, body })
    return { status: response.status, text: await response.text() }
  }

  it.each(repeatable)('with the request in hand: %s %s %o is repeated', async (method, path, headers) => {
    const dying = await openDyingUpstream()
    const { address, seen } = await openUpstream(answerOk)
    const nginx = await open(dying.address, address)
    for (let round = 0; round < 4; round += 1)
      expect(await ask(nginx, method, path, headers)).toEqual({ status: 200, text: 'ok' })
    expect(dying.countRequests()).toBeGreaterThan(0)
    expect(seen).toHaveLength(4)
  })

  it.each(onceOnly)('with the request in hand: %s %s %o is not', async (method, path, headers) => {
    const dying = await openDyingUpstream()
    const { address, seen } = await openUpstream(answerOk)
    const nginx = await open(dying.address, address)
    const answers = []
    for (let round = 0; round < 4; round += 1) answers.push(await ask(nginx, method, path, headers))
    expect(dying.countRequests()).toBeGreaterThan(0)
    expect(dying.countRequests() + seen.length).toBe(4)
    const refused = answers.filter(({ status }) => status === 502)
    expect(refused).toHaveLength(dying.countRequests())
    expect(refused[0]?.text).toContain('"code":"internal"')
  })

  it.each([...repeatable, ...onceOnly])('and is not there: %s %s %o goes to another', async (method, path, headers) => {
    const { address, seen } = await openUpstream(answerOk)
    const nginx = await open(`127.0.0.1:${await findFreePort()}`, address)
    for (let round = 0; round < 4; round += 1)
      expect(await ask(nginx, method, path, headers)).toEqual({ status: 200, text: 'ok' })
    expect(seen).toHaveLength(4)
  })

  it('is tried again by the next request: one failure takes nobody out', async () => {
    const port = await findFreePort()
    const other = await openUpstream(answerOk)
    const nginx = await open(`127.0.0.1:${port}`, other.address)
    for (let round = 0; round < 4; round += 1) await ask(nginx, 'GET', '/api/agents', {})
    const back = createServer((_request, response) => void response.end('back'))
    back.listen(port, '127.0.0.1')
    await once(back, 'listening')
    closers.push(async () => {
      back.closeAllConnections()
      back.close()
      await once(back, 'close')
    })
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(nginx, 'GET', '/api/agents', {})))
    expect(answers.map(({ text }) => text)).toContain('back')
  })

  it('and all the others too: says so in our words', async () => {
    const nginx = await open(`127.0.0.1:${await findFreePort()}`)
    for (const path of ['/api/chat', '/v1/chat/completions']) {
      const headers = { 'idempotency-key': 'k' }
      const response = await fetch(nginx.url + path, { method: 'POST', headers, body: '{}' })
      expect(response.status).toBe(502)
      expect(await response.json()).toMatchObject({ error: { code: 'internal' } })
      expect(pickSafety(response)).toEqual(ownSafety)
    }
  })
})

/** On what nginx says itself. */
const ownSafety = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none'",
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
}

function pickSafety({ headers }: Response): Record<string, string | null> {
  return Object.fromEntries(Object.keys(ownSafety).map((name) => [name, headers.get(name)]))
}

describe('the safety of headers', () => {
  it('is nginx’s own where nginx speaks, and the instance’s alone where that does', async () => {
    const { address } = await openUpstream((_request, response) => {
      response.writeHead(200, { 'x-content-type-options': 'nosniff', 'content-security-policy': 'theirs' }).end('ok')
    })
    const nginx = await open(address)
    expect(pickSafety(await fetch(`${nginx.url}/internal/cli`))).toEqual(ownSafety)
    expect(pickSafety(await fetch(`${nginx.url}/`))).toEqual({
      'content-security-policy': 'theirs',
      'strict-transport-security': null,
      'x-content-type-options': 'nosniff',
    })
  })
})

describe('the word of an instance', () => {
  it.each([
    ['POST', '/api/chat'],
    ['GET', '/api/chat/s1/stream'],
    ['POST', '/v1/chat/completions'],
  ])('%s %s: 503 and its Retry-After reach the client, and nobody else is asked', async (method, path) => {
    const refuse = (_request: IncomingMessage, response: ServerResponse) => {
      response.writeHead(503, { 'retry-after': '7', 'content-type': 'application/json' }).end('{"error":"draining"}')
    }
    const [one, two] = [await openUpstream(refuse), await openUpstream(refuse)]
    const nginx = await open(one.address, two.address)
    const response = await fetch(nginx.url + path, { method, headers: { 'idempotency-key': 'k' } })
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('7')
    expect(await response.text()).toBe('{"error":"draining"}')
    expect(one.seen.length + two.seen.length).toBe(1)
  })

  it('is asked for a body of 20 MB; above 32 MB nginx answers in our words', async () => {
    const { address, seen } = await openUpstream(answerOk)
    const nginx = await open(address)
    const send = (megabytes: number) =>
      fetch(`${nginx.url}/api/chat`, { method: 'POST', body: new Uint8Array(megabytes * 1024 * 1024) })
    expect((await send(20)).status).toBe(200)
    expect(seen).toHaveLength(1)
    expect(await declareBody(nginx, 40)).toMatchObject({ status: 413, text: containsCode('body_too_large') })
    expect(seen).toHaveLength(1)
  })

  it('about its command line is not asked', async () => {
    const { address, seen } = await openUpstream(answerOk)
    const nginx = await open(address)
    expect((await fetch(`${nginx.url}/internal/cli`, { method: 'POST', body: '{}' })).status).toBe(404)
    expect(seen).toHaveLength(0)
  })
})

/** Announces a body and sends none of it: nginx decides by the announcement. */
async function declareBody(nginx: NginxServer, megabytes: number): Promise<{ status: number; text: string }> {
  const headers = { 'content-length': megabytes * 1024 * 1024 }
  const request = httpRequest(`${nginx.url}/api/chat`, { method: 'POST', headers })
  request.flushHeaders()
  request.on('error', () => undefined)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  request.destroy()
  return { status: response.statusCode ?? 0, text }
}

function containsCode(code: string): unknown {
  return expect.stringContaining(`"code":"${code}"`)
}

describe('many streams', () => {
  it('use connections that are kept: requests after each other share one', async () => {
    const ports = new Set<number>()
    const { address } = await openUpstream((request, response) => {
      ports.add(request.socket.remotePort ?? 0)
      response.end('ok')
    })
    const nginx = await open(address)
    for (let round = 0; round < 10; round += 1) await (await fetch(`${nginx.url}/api/agents`)).text()
    expect(ports.size).toBe(1)
  })

  it('are spread by who has the fewest', async () => {
    const hold = (_request: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n')
    }
    const upstreams = [await openUpstream(hold), await openUpstream(hold), await openUpstream(hold)]
    const nginx = await open(...upstreams.map(({ address }) => address))
    const sockets = Array.from({ length: 30 }, () => {
      const socket = connect({ port: nginx.port, host: '127.0.0.1' })
      socket.write('GET /api/chat/s1/stream HTTP/1.1\r\nHost: x\r\n\r\n')
      return socket
    })
    await expect.poll(() => upstreams.reduce((sum, { seen }) => sum + seen.length, 0)).toBe(30)
    expect(upstreams.map(({ seen }) => seen.length)).toEqual([10, 10, 10])
    for (const socket of sockets) socket.destroy()
  })
})
