import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { pino } from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createOutboundClient } from '../../../backend/src/outbound/create-outbound-client.ts'
import type { OutboundClient } from '../../../backend/src/outbound/outbound-client.ts'
import { createUrlGuard } from '../../../backend/src/outbound/url-guard.ts'
import { type AnswerSummary, toSummary } from './answer-summary.ts'
import { createCall } from './provider-call.ts'
import { openLoopbackClient, runAnswer, type RunOptions } from './run-answer.ts'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

async function openHttp(handle: RequestListener): Promise<string> {
  const server = createHttpServer(handle)
  opened.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return listen(server)
}

async function openTcp(handle: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => sockets.delete(socket))
    handle(socket)
  })
  opened.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return listen(server)
}

function openClient(): OutboundClient {
  const client = openLoopbackClient()
  opened.push(() => client.close())
  return client
}

const eventStream = { 'content-type': 'text/event-stream' }
const key = 'zz-very-secret-0123'

function askOpenai(client: OutboundClient, baseUrl: string, options: RunOptions = {}): Promise<AnswerSummary> {
  return runAnswer(client, createCall('openai', { target: { baseUrl, apiKey: key } }), options).then(toSummary)
}

function toChunk(content: string, finishReason: string | null = null): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finishReason }] })}\r\n\r\n`
}

describe('framing over a socket', () => {
  it('reads a body written byte by byte, with characters and line ends cut in two', async () => {
    const body = Buffer.from(toChunk('Grüße 世界 👋🏽') + toChunk('', 'stop') + 'data: [DONE]\r\n\r\n')
    const url = await openHttp((_request, response) => {
      response.writeHead(200, eventStream)
      response.socket?.setNoDelay(true)
      const writeFrom = (at: number): void => {
        if (at === body.length) response.end()
        else response.write(body.subarray(at, at + 1), () => setImmediate(writeFrom, at + 1))
      }
      writeFrom(0)
    })
    expect(await askOpenai(openClient(), url)).toMatchObject({ text: 'Grüße 世界 👋🏽', finish: 'stop', failure: null })
  })

  it('reads a body that only the end of the connection ends', async () => {
    const url = await openTcp((socket) => {
      socket.once('data', () => {
        socket.end(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n${toChunk('Hi')}${toChunk('', 'stop')}`)
      })
    })
    expect(await askOpenai(openClient(), url)).toMatchObject({ text: 'Hi', finish: 'stop', failure: null })
  })

  it('reads events that are not announced as such', async () => {
    const url = await openHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('\n')
      response.end('event: error\ndata: {"code":514,"statusText":"unAuthApiKey","message":"Key is error"}\n\n')
    })
    const parts = await runAnswer(openClient(), createCall('fastgpt', { target: { baseUrl: url } }))
    expect(toSummary(parts).failure).toMatchObject({ code: 'upstream_auth', message: 'Key is error' })
  })

  it('reads 20 MB in order, and lets the sender wait while nobody reads', async () => {
    const piece = toChunk('x'.repeat(100_000))
    const pieces = 200
    let sent = 0
    const url = await openHttp((_request, response) => {
      response.writeHead(200, eventStream)
      const writeOn = (): void => {
        while (sent < pieces) {
          sent += 1
          if (!response.write(piece)) {
            response.once('drain', writeOn)
            return
          }
        }
        response.end(toChunk('', 'stop'))
      }
      writeOn()
    })
    const client = openClient()
    const stream = await client.openStream(
      { method: 'GET', url, headers: {} },
      { signal: new AbortController().signal, connectMs: 5000 },
    )
    let seen = -1
    await vi.waitFor(
      () => {
        const isStill = seen === sent
        seen = sent
        expect(isStill).toBe(true)
      },
      { interval: 200, timeout: 5000 },
    )
    expect(sent).toBeLessThan(pieces)
    let length = 0
    for await (const text of stream.text) length += text.length
    expect(length).toBe(piece.length * pieces + toChunk('', 'stop').length)
  })

  it('uses a connection again', async () => {
    let connections = 0
    const server = createHttpServer((_request, response) => {
      response.writeHead(200, eventStream)
      response.end(toChunk('Hi', 'stop') + 'data: [DONE]\n\n')
    })
    server.on('connection', () => (connections += 1))
    opened.push(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })
    const url = await listen(server)
    const client = openClient()
    for (let turn = 0; turn < 5; turn++) expect((await askOpenai(client, url)).finish).toBe('stop')
    // A socket is free one turn of the event loop after its response.
    expect(connections).toBeLessThanOrEqual(2)
  })

  it('keeps a hundred streams apart', async () => {
    const url = await openHttp((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const [name = ''] = /turn-\d+/.exec(body) ?? []
        response.writeHead(200, eventStream)
        const writeFrom = (count: number): void => {
          if (count === 20) response.end(toChunk('', 'stop'))
          else response.write(toChunk(`${name} ${count} `), () => setTimeout(writeFrom, 2, count + 1))
        }
        writeFrom(0)
      })
    })
    const client = openClient()
    const names = Array.from({ length: 100 }, (_value, at) => `turn-${at}`)
    const texts = await Promise.all(
      names.map(async (prompt) =>
        toSummary(await runAnswer(client, createCall('openai', { target: { baseUrl: url }, prompt }))),
      ),
    )
    names.forEach((name, at) => {
      const expected = Array.from({ length: 20 }, (_value, count) => `${name} ${count} `).join('')
      expect(texts[at]).toMatchObject({ text: expected, finish: 'stop' })
    })
  })
})

describe('failures over a socket', () => {
  async function answerWith(status: number, headers: Record<string, string>, body: string): Promise<AnswerSummary> {
    const url = await openHttp((_request, response) => {
      response.writeHead(status, headers)
      response.end(body)
    })
    return askOpenai(openClient(), url)
  }

  it('never shows the key, nor markup, nor more than 300 characters', async () => {
    const echo = { error: { message: `Incorrect API key provided: ${key}. ${'So sorry. '.repeat(100)}`, code: 'x' } }
    const { failure } = await answerWith(401, { 'content-type': 'application/json' }, JSON.stringify(echo))
    expect(failure).toMatchObject({ code: 'upstream_auth', isRetryable: false, status: 401 })
    expect(failure?.message).toContain('Incorrect API key')
    expect(failure?.message).not.toContain(key)
    expect(failure?.message.length).toBeLessThanOrEqual(300)
    const page = `<!doctype html><html><head><title>504 Gateway Time-out</title><style>a{}</style></head><body><h1>Oops</h1>`
    const html = (await answerWith(504, { 'content-type': 'text/html' }, page)).failure
    expect(html).toMatchObject({ code: 'upstream_failed', isRetryable: true, status: 504 })
    expect(html?.message).toContain('504 Gateway Time-out')
    expect(html?.message).not.toMatch(/[<>{}]/)
    expect((await answerWith(200, { 'content-type': 'text/html' }, page)).failure?.code).toBe('upstream_bad_response')
  })

  it('reads the waiting time out of the body', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' }]
    const body = { error: { code: 429, message: 'Busy', status: 'RESOURCE_EXHAUSTED', details } }
    const { failure } = await answerWith(429, {}, JSON.stringify(body))
    expect(failure).toMatchObject({ code: 'upstream_rate_limited', isRetryable: true, retryAfterMs: 34_400 })
  })

  it('does not follow redirects', async () => {
    let visits = 0
    const url = await openHttp((_request, response) => {
      visits += 1
      response.writeHead(307, { location: '/elsewhere' })
      response.end()
    })
    const { failure } = await askOpenai(openClient(), url)
    expect(failure).toMatchObject({ code: 'upstream_rejected', isRetryable: false })
    expect(visits).toBe(1)
  })

  it('takes an empty stream for truncated', async () => {
    expect((await answerWith(200, eventStream, '')).failure?.code).toBe('upstream_truncated')
    expect((await answerWith(200, {}, '')).failure?.code).toBe('upstream_bad_response')
  })

  it('is unreachable where nobody listens', async () => {
    const url = await openHttp(() => undefined)
    await opened.pop()?.()
    const { failure } = await askOpenai(openClient(), url)
    expect(failure).toMatchObject({ code: 'upstream_unreachable', isRetryable: true })
  })

  it('does not wait for a connection for ever', async () => {
    const url = await openHttp(() => undefined)
    const client = createOutboundClient({
      urlGuard: createUrlGuard({ allowedHosts: ['127.0.0.1'] }),
      logger: pino({ level: 'silent' }),
      maxConnections: 1,
    })
    opened.unshift(() => client.close())
    const abort = new AbortController()
    const holder = askOpenai(client, url, { signal: abort.signal })
    const { failure } = await askOpenai(client, url, { clocks: { connectMs: 150 } })
    expect(failure?.code).toBe('upstream_no_content')
    abort.abort()
    await holder
  })

  it('refuses addresses that are not allowed, also behind a name', async () => {
    const url = await openHttp((_request, response) => response.end())
    const client = createOutboundClient({
      urlGuard: createUrlGuard({ allowedHosts: [] }),
      logger: pino({ level: 'silent' }),
    })
    opened.push(() => client.close())
    const { port } = new URL(url)
    for (const host of ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]']) {
      const { failure } = await askOpenai(client, `http://${host}:${port}`)
      expect(failure, host).toMatchObject({ code: 'outbound_blocked', isRetryable: false })
    }
  })
})

describe('send', () => {
  it('cuts a long body and gives up after its time', async () => {
    const url = await openHttp((request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      if (request.url === '/long') response.end('ä'.repeat(50_000))
      else response.write('begun')
    })
    const client = openClient()
    const get = (path: string) => ({ method: 'GET' as const, url: url + path, headers: {} })
    const reply = await client.send(get('/long'), { totalMs: 5000, maxBytes: 1001 })
    expect(reply).toMatchObject({ status: 200, body: 'ä'.repeat(500) })
    await expect(client.send(get('/slow'), { totalMs: 150, maxBytes: 1000 })).rejects.toMatchObject({
      code: 'upstream_deadline',
    })
    const abort = AbortSignal.abort()
    const aborted = client.send(get('/slow'), { totalMs: 5000, maxBytes: 1000, signal: abort })
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
  })
})
