import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSimulator, type Simulator } from './open-simulator.ts'
import { POLL, parseObject, pick, post, type PostOptions, type StreamReading } from './testing/simulator-client.ts'

let simulator: Simulator

beforeAll(async () => {
  simulator = await openSimulator({ defaultPlan: 'ttft=0 gap=0 tokens=3' })
})
beforeEach(() => {
  simulator.reset()
})
afterAll(async () => {
  await simulator.close()
})

function ask(model: string, options: PostOptions = {}): Promise<StreamReading> {
  const body = { model, stream: true, messages: [{ role: 'user', content: 'hello' }] }
  const headers = { authorization: 'Bearer sk-very-secret', ...options.headers }
  return post(`${simulator.baseUrl('openai')}/chat/completions`, body, { ...options, headers })
}

async function get(route: string): Promise<unknown> {
  const { text } = await post(simulator.url + route, null, { method: 'GET' })
  const parsed: unknown = JSON.parse(text)
  return parsed
}

describe('counters', () => {
  test('count requests, what is in flight, and how each ended', async () => {
    const abort = new AbortController()
    const stalled = [1, 2, 3].map(() => ask('sim:fault=stall@1', { signal: abort.signal }))
    await expect.poll(() => simulator.counters().total.inFlight, POLL).toBe(3)
    await ask('sim')
    await ask('sim:fault=cut@1')
    abort.abort()
    await Promise.allSettled(stalled)
    await expect.poll(() => simulator.counters().total.inFlight, POLL).toBe(0)
    const expected = {
      requests: 5,
      inFlight: 0,
      maxInFlight: 4,
      finished: 1,
      abortedByClient: 3,
      stopped: 0,
      faulted: 1,
      otherRequests: 0,
    }
    expect(simulator.counters().total).toEqual(expected)
    expect(simulator.counters().providers.openai).toEqual(expected)
    expect(simulator.counters().providers.dify.requests).toBe(0)
    expect(await get('/_sim/counters')).toEqual(simulator.counters())
  })

  test('are zeroed by a reset, in the process or over HTTP', async () => {
    await ask('sim')
    await post(`${simulator.url}/_sim/reset`, {})
    expect(simulator.counters().total.requests).toBe(0)
    expect(simulator.requests()).toEqual([])
  })
})

describe('recorded requests', () => {
  test('hold headers and bodies, never secrets', async () => {
    await ask('sim', { headers: { 'x-trace': 'abc', cookie: 'sid=secret' } })
    const [recorded] = simulator.requests()
    expect(recorded).toMatchObject({
      number: 1,
      method: 'POST',
      url: '/openai/v1/chat/completions',
      headers: { 'x-trace': 'abc', authorization: '[redacted]', cookie: '[redacted]' },
      body: { model: 'sim', messages: [{ content: 'hello' }] },
    })
    expect(JSON.stringify(simulator.requests())).not.toContain('secret')
  })

  test('are the newest 200, or the last N over HTTP', async () => {
    await Promise.all(Array.from({ length: 205 }, () => ask('sim:tokens=0')))
    expect(simulator.requests()).toHaveLength(200)
    expect(simulator.requests()[0]?.number).toBe(6)
    const last = await get('/_sim/requests?last=2')
    expect([pick(last, 0, 'number'), pick(last, 1, 'number'), pick(last, 2)]).toEqual([204, 205, undefined])
  })
})

describe('the plan', () => {
  test('may come by header, under what the model says', async () => {
    const { text } = await ask('sim:tokens=1', { headers: { 'x-sim-plan': 'tokens=9 fault=no-done' } })
    expect(text.match(/"content":"[^"]/g)).toHaveLength(1)
    expect(text).not.toContain('[DONE]')
  })

  test('with a mistake keeps the simulator from opening', async () => {
    await expect(openSimulator({ defaultPlan: 'speed=9' })).rejects.toThrow('unknown key "speed"')
  })
})

describe('the server', () => {
  test('answers 404 outside its prefixes and 400 to a broken body', async () => {
    expect((await post(`${simulator.url}/elsewhere`, {})).status).toBe(404)
    const response = await fetch(`${simulator.baseUrl('openai')}/chat/completions`, {
      method: 'POST',
      body: '{"model":',
    })
    expect(response.status).toBe(400)
    await response.text()
  })

  test('serves many streams at once, each with its own text', async () => {
    const readings = await Promise.all(
      Array.from({ length: 100 }, (_unused, index) => ask(`sim:tokens=20,gap=2,seed=${String(index)}`)),
    )
    expect(new Set(readings.map((reading) => reading.text)).size).toBe(100)
    expect(readings.every((reading) => reading.frames.at(-1)?.data === '[DONE]')).toBe(true)
    expect(simulator.counters().total).toMatchObject({ requests: 100, finished: 100, inFlight: 0 })
  })

  test('waits for a slow reader instead of filling the memory', async () => {
    const { hostname, port } = new URL(simulator.url)
    const body = JSON.stringify({
      model: 'sim:tokens=45000,corpus=ascii',
      stream: true,
      messages: [{ role: 'user', content: 'hello' }],
    })
    const socket = net.connect(Number(port), hostname)
    socket.pause()
    socket.write(
      'POST /openai/v1/chat/completions HTTP/1.1\r\nhost: simulator\r\nauthorization: Bearer k\r\n' +
        `connection: close\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`,
    )
    await expect.poll(() => simulator.counters().total.inFlight, POLL).toBe(1)
    await ask('sim')
    expect(simulator.counters().total).toMatchObject({ inFlight: 1, finished: 1 })
    socket.resume()
    await once(socket, 'close')
    expect(simulator.counters().total).toMatchObject({ inFlight: 0, finished: 2 })
  })
})

test('the stand-alone program prints its address and ends on SIGTERM', async () => {
  // Within the package: from there Node finds what stays outside the bundle.
  const dist = fileURLToPath(new URL('../dist/', import.meta.url))
  await mkdir(dist, { recursive: true })
  const folder = await mkdtemp(path.join(dist, 'test-'))
  const outfile = path.join(folder, 'main.mjs')
  const entry = fileURLToPath(new URL('main.ts', import.meta.url))
  const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'error' } as const
  await build({ ...options, entryPoints: [entry], outfile })
  const child = spawn(process.execPath, [outfile, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const url = /^simulator listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(line.toString())?.[1] ?? ''
    const { text } = await post(`${url}/_sim/counters`, null, { method: 'GET' })
    expect(parseObject(text)).toMatchObject({ total: { requests: 0 } })
    child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(0)
  } finally {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true })
  }
})
