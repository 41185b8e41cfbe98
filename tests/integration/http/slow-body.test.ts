import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { createManualClock } from '../../support/create-manual-clock.ts'
import { openTestApp } from '../../support/open-test-app.ts'

const clock = createManualClock(Date.now())
let requests = 0
let isDraining = false
const app = await openTestApp({
  clock,
  config: { rateLimitPerMinute: 1000 },
  drain: { isDraining: () => isDraining, isRefusing: () => isDraining },
  // Asked by each request of somebody known, after the clock of its body was started.
  countRequest: () => {
    requests += 1
    return Promise.resolve({ count: 1, leftMs: 1000 })
  },
})
afterAll(() => app.close())
const { client } = await app.signIn()

/** Sends the head of a request and the beginning of its body. */
async function begin(
  path: string,
  mediaType: string,
  { length = 'content-length: 100', start = '{' } = {},
): Promise<Socket> {
  const { hostname, port } = new URL(app.url)
  const socket = createConnection({ host: hostname, port: Number(port) })
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${hostname}`,
    `content-type: ${mediaType}`,
    length,
    `cookie: ${[...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')}`,
    `x-xsrf-token: ${client.cookies.get('XSRF-TOKEN') ?? ''}`,
  ]
  socket.setEncoding('utf8').write(`${head.join('\r\n')}\r\n\r\n${start}`)
  await once(socket, 'connect')
  return socket
}

test('a body that does not come is waited for as long as its route says', async () => {
  const before = requests
  const chat = await begin('/api/chat/feedback', 'application/json')
  const upload = await begin('/api/uploads', 'application/octet-stream')
  await expect.poll(() => requests).toBe(before + 2)
  let fromUpload = ''
  upload.on('data', (text: string) => (fromUpload += text))
  const fromChat = once(chat, 'data')
  clock.pass(59_000)
  expect(chat.readableEnded).toBe(false)
  clock.pass(2_000)
  expect(String(await fromChat)).toContain('400 Bad Request')
  expect(fromUpload).toBe('')
  const ended = once(upload, 'end')
  clock.pass(600_000)
  await ended
  expect(fromUpload).toContain('400 Bad Request')
})

const tooLarge = 'a'.repeat(1_500_000)

describe.each([
  { length: 'content-length: 3000000', start: tooLarge, rest: tooLarge },
  {
    length: 'transfer-encoding: chunked',
    start: `16e360\r\n${tooLarge}\r\n`,
    rest: `16e360\r\n${tooLarge}\r\n0\r\n\r\n`,
  },
])('a file that is refused while it comes ($length)', ({ length, start, rest }) => {
  test('is taken to its end, and the connection serves the next request', async () => {
    const socket = await begin('/api/uploads', 'application/octet-stream', { length, start })
    expect(String(await once(socket, 'data'))).toMatch(/ 413 [^]*upload_too_large/)
    socket.write(`${rest}GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n`)
    expect(String(await once(socket, 'data'))).toContain('HTTP/1.1 200 OK')
    socket.destroy()
  })

  test('is not waited for without end', async () => {
    const socket = await begin('/api/uploads', 'application/octet-stream', { length, start })
    await once(socket, 'data')
    const closed = new Promise((resolve) => socket.once('error', resolve).once('close', resolve))
    clock.pass(31_000)
    await closed
  })
})

test.each([
  { what: 'its size', draining: false, answer: / 413 [^]*body_too_large/ },
  { what: 'a shut-down', draining: true, answer: / 503 [^]*draining/ },
])('a message refused for $what is taken to its end too', async ({ draining, answer }) => {
  isDraining = draining
  const length = 'content-length: 3000000'
  const socket = await begin('/api/chat/feedback', 'application/json', { length, start: tooLarge })
  const reply = String(await once(socket, 'data'))
  isDraining = false
  expect(reply).toMatch(answer)
  expect(reply).not.toMatch(/connection: close/i)
  socket.write(`${tooLarge}GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n`)
  expect(String(await once(socket, 'data'))).toContain('HTTP/1.1 200 OK')
  socket.destroy()
})

test('nor is more of it taken than any file may have', async () => {
  const chunk = `16e360\r\n${tooLarge}\r\n`
  const length = 'transfer-encoding: chunked'
  const socket = await begin('/api/uploads', 'application/octet-stream', { length, start: chunk })
  await once(socket, 'data')
  const endless = function* () {
    for (;;) yield chunk
  }
  await expect(pipeline(endless, socket)).rejects.toThrow()
  expect(socket.bytesWritten).toBeGreaterThan(200_000_000)
})
