import net from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSimulator, type Simulator } from '../open-simulator.ts'
import { toSimulatedText } from '../simulated-text.ts'
import {
  joinTexts,
  listObjectsOf,
  parseObject,
  parseSse,
  pick,
  POLL,
  post,
  type PostOptions,
  readUntil,
  type StreamReading,
} from '../testing/simulator-client.ts'

let simulator: Simulator

beforeAll(async () => {
  simulator = await openSimulator({ defaultPlan: 'ttft=0 gap=0 tokens=10 seed=1' })
})
beforeEach(() => {
  simulator.reset()
})
afterAll(async () => {
  await simulator.close()
})

const FIRST_FIVE = toSimulatedText({ seed: 1, tokens: 5 })
const ALL_TEN = toSimulatedText({ seed: 1, tokens: 10 })

function ask(plan: string, options: PostOptions = {}): Promise<StreamReading> {
  const body = {
    model: `sim:${plan}`,
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: 'hello' }],
  }
  const headers = { authorization: 'Bearer sk-test' }
  return post(`${simulator.baseUrl('openai')}/chat/completions`, body, { ...options, headers })
}

function toContent(reading: StreamReading): string {
  const frames = reading.frames.length > 0 ? reading.frames : parseSse(reading.text)
  return joinTexts(listObjectsOf(frames), 'choices', 0, 'delta', 'content')
}

/** Sends the request of `ask` over a bare socket and gives all bytes up to the end of the connection. */
function askRaw(plan: string): Promise<{ bytes: string; errorCode: string | null }> {
  const body = JSON.stringify({ model: `sim:${plan}`, stream: true, messages: [{ role: 'user', content: 'hello' }] })
  const { hostname, port } = new URL(simulator.url)
  return new Promise((resolve) => {
    let bytes = ''
    let errorCode: string | null = null
    const socket = net.connect(Number(port), hostname, () => {
      socket.write(
        'POST /openai/v1/chat/completions HTTP/1.1\r\nhost: simulator\r\nauthorization: Bearer k\r\n' +
          `connection: close\r\ncontent-length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
      )
    })
    socket.setEncoding('utf8')
    socket.on('data', (piece) => {
      bytes += String(piece)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      errorCode = error.code ?? 'unknown'
    })
    socket.on('close', () => {
      resolve({ bytes, errorCode })
    })
  })
}

describe('faults before the headers', () => {
  test('status has the body of the provider, and retry-after in seconds', async () => {
    const reading = await ask('fault=status=429;retry-after=2')
    expect(reading.status).toBe(429)
    expect(reading.headers.get('retry-after')).toBe('2')
    expect(reading.headers.get('x-ratelimit-remaining-requests')).toBe('0')
    expect(parseObject(reading.text)).toMatchObject({ error: { code: 'rate_limit_exceeded' } })
  })

  test('status has retry-after as a date or in ms, and the code of the plan', async () => {
    const dated = await ask('fault=status=503;retry-after-date=30')
    const date = Date.parse(dated.headers.get('retry-after') ?? '')
    expect(date - Date.now()).toBeGreaterThan(20_000)
    expect(date - Date.now()).toBeLessThan(31_000)
    const quota = await ask('fault=status=429;retry-after-ms=1500;code=insufficient_quota')
    expect(quota.headers.get('retry-after-ms')).toBe('1500')
    expect(parseObject(quota.text)).toMatchObject({ error: { code: 'insufficient_quota', type: 'insufficient_quota' } })
  })

  test('reset-before-headers', async () => {
    const { bytes, errorCode } = await askRaw('fault=reset-before-headers')
    expect(bytes).toBe('')
    expect(errorCode).toBe('ECONNRESET')
  })

  test('no-response: nothing comes, while another request is answered', async () => {
    const abort = new AbortController()
    const silent = ask('fault=no-response', { signal: abort.signal })
    await expect.poll(() => simulator.counters().total.inFlight, POLL).toBe(1)
    expect(toContent(await ask('tokens=10'))).toBe(ALL_TEN)
    abort.abort()
    await expect(silent).rejects.toThrow()
    await expect.poll(() => simulator.counters().total, POLL).toMatchObject({ abortedByClient: 1, inFlight: 0 })
  })

  test('html-502', async () => {
    const reading = await ask('fault=html-502')
    expect([reading.status, reading.headers.get('content-type')]).toEqual([502, 'text/html'])
    expect(reading.text).toContain('<h1>502 Bad Gateway</h1>')
  })

  test('json-error-200', async () => {
    const reading = await ask('fault=json-error-200')
    expect(reading.status).toBe(200)
    expect(reading.headers.get('content-type')).toContain('application/json')
    expect(parseObject(reading.text)).toHaveProperty('error')
  })

  test('context-too-long', async () => {
    const reading = await ask('fault=context-too-long')
    expect(reading.status).toBe(400)
    expect(parseObject(reading.text)).toMatchObject({ error: { code: 'context_length_exceeded' } })
  })

  test('refuse-prefill refuses a prefill and nothing else', async () => {
    expect((await ask('fault=refuse-prefill')).status).toBe(200)
    const messages = [
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: FIRST_FIVE },
    ]
    const body = { model: 'sim:fault=refuse-prefill', stream: true, messages }
    const headers = { authorization: 'Bearer k' }
    const refused = await post(`${simulator.baseUrl('openai')}/chat/completions`, body, { headers })
    expect(refused.status).toBe(400)
  })

  test('slow-headers', async () => {
    const startedAt = performance.now()
    expect(toContent(await ask('fault=slow-headers=60'))).toBe(ALL_TEN)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(55)
  })
})

describe('faults in the stream', () => {
  test('cut@5: a clean end after five tokens, without a mark of success', async () => {
    const reading = await ask('fault=cut@5')
    expect(reading.isClean).toBe(true)
    expect(toContent(reading)).toBe(FIRST_FIVE)
    expect(reading.text).not.toContain('"finish_reason":"stop"')
    expect(reading.text).not.toContain('[DONE]')
    expect(simulator.counters().total).toMatchObject({ faulted: 1, finished: 0, inFlight: 0 })
  })

  test('reset@5: a TCP reset after five tokens', async () => {
    const { bytes, errorCode } = await askRaw('fault=reset@5,gap=5')
    expect(errorCode).toBe('ECONNRESET')
    expect(bytes.match(/"content":"[^"]/g)).toHaveLength(5)
    expect(bytes).not.toContain('\r\n0\r\n\r\n')
  })

  test('stall@5 is silent, stall-keepalive@5 sends comments, no-first-token sends the headers alone', async () => {
    const abort = new AbortController()
    const seen = { stall: '', keepalive: '', noFirst: '' }
    const statuses: number[] = []
    const watch = (plan: string, name: keyof typeof seen): Promise<StreamReading> =>
      ask(plan, {
        signal: abort.signal,
        onHeaders: (status) => statuses.push(status),
        onText: (text) => (seen[name] = text),
      })
    const readings = [
      watch('fault=stall@5', 'stall'),
      watch('fault=stall-keepalive@5,heartbeat=10', 'keepalive'),
      watch('fault=no-first-token', 'noFirst'),
    ]
    const toShown = (text: string): string => joinTexts(listObjectsOf(parseSse(text)), 'choices', 0, 'delta', 'content')
    await expect.poll(() => statuses, POLL).toEqual([200, 200, 200])
    await expect.poll(() => toShown(seen.stall), POLL).toBe(FIRST_FIVE)
    await expect.poll(() => seen.keepalive.match(/^: keep-alive$/gm)?.length ?? 0, POLL).toBeGreaterThan(4)
    expect(toShown(seen.keepalive)).toBe(FIRST_FIVE)
    expect(toShown(seen.stall)).toBe(FIRST_FIVE)
    expect(seen.stall).not.toMatch(/^:/m)
    expect(seen.noFirst).toBe('')
    expect(simulator.counters().total.inFlight).toBe(3)
    abort.abort()
    await Promise.allSettled(readings)
    await expect.poll(() => simulator.counters().total, POLL).toMatchObject({ abortedByClient: 3, inFlight: 0 })
  })

  test('no-first-token sends keep-alives when asked', async () => {
    const beats = ': keep-alive\n\n: keep-alive\n\n'
    const text = await readUntil((options) => ask('fault=no-first-token;keep-alive=10', options), beats)
    expect(text).not.toContain('data:')
  })

  test('malformed@5: one broken event, then the rest', async () => {
    const reading = await ask('fault=malformed@5')
    const broken = reading.frames.findIndex((frame) => frame.data?.endsWith('"content":') === true)
    expect(broken).toBe(6)
    const others = reading.frames.filter((_frame, index) => index !== broken)
    expect(joinTexts(listObjectsOf(others), 'choices', 0, 'delta', 'content')).toBe(ALL_TEN)
  })

  test('error@5 and error@0: an event with the error, then the end', async () => {
    const later = await ask('fault=error@5')
    expect(listObjectsOf(later.frames).at(-1)).toMatchObject({ error: { type: 'server_error', code: null } })
    expect(joinTexts(listObjectsOf(later.frames), 'choices', 0, 'delta', 'content')).toBe(FIRST_FIVE)
    const first = await ask('fault=error@0;code=insufficient_quota')
    expect(first.status).toBe(200)
    expect(listObjectsOf(first.frames)).toMatchObject([{ error: { code: 'insufficient_quota' } }])
  })

  test('no-done, finish-no-done, no-usage', async () => {
    const noDone = await ask('fault=no-done')
    expect(noDone.text).toContain('"finish_reason":"stop"')
    expect(noDone.text).toContain('"completion_tokens":10')
    expect(noDone.text).not.toContain('[DONE]')
    const finishOnly = await ask('fault=finish-no-done')
    expect(pick(listObjectsOf(finishOnly.frames).at(-1), 'choices', 0, 'finish_reason')).toBe('stop')
    expect(finishOnly.text).not.toContain('[DONE]')
    for (const plan of ['fault=no-usage', 'usage=none']) {
      const noUsage = await ask(plan)
      expect(noUsage.text).not.toContain('completion_tokens')
      expect(noUsage.frames.at(-1)?.data).toBe('[DONE]')
    }
  })

  test('length@5 and content-filter@5', async () => {
    for (const [fault, reason] of [
      ['length', 'length'],
      ['content-filter', 'content_filter'],
    ]) {
      const reading = await ask(`fault=${String(fault)}@5`)
      expect(toContent(reading)).toBe(FIRST_FIVE)
      expect(joinTexts(listObjectsOf(reading.frames), 'choices', 0, 'finish_reason')).toBe(reason)
    }
  })

  test('big-event: one event of a megabyte, with the same text', async () => {
    const reading = await ask('fault=big-event')
    expect(Math.max(...reading.frames.map((frame) => frame.data?.length ?? 0))).toBeGreaterThan(1_048_576)
    expect(toContent(reading)).toBe(ALL_TEN)
  })

  test('crlf, comments and unknown-events leave the text as it is', async () => {
    const crlf = await ask('fault=crlf')
    expect(crlf.text.replaceAll('\r\n', '')).not.toContain('\n')
    const comments = await ask('fault=comments')
    expect(comments.frames.filter((frame) => frame.comment !== null).length).toBeGreaterThan(10)
    const unknown = await ask('fault=unknown-events')
    expect(unknown.text).toContain('chat.completion.unknown')
    const all = await ask('fault=crlf+comments+unknown-events')
    for (const reading of [crlf, comments, unknown, all]) expect(toContent(reading)).toBe(ALL_TEN)
  })

  test('after-done: content after [DONE]', async () => {
    const { frames } = await ask('fault=after-done')
    expect(frames.at(-2)?.data).toBe('[DONE]')
    expect(frames.at(-1)?.data).toContain('after done')
  })

  test('duplicate-start, at once and in the middle', async () => {
    const twice = await ask('fault=duplicate-start')
    expect(twice.text.match(/"role":"assistant"/g)).toHaveLength(2)
    expect(toContent(twice)).toBe(ALL_TEN)
    const spliced = await ask('fault=duplicate-start@5')
    expect(spliced.text.match(/"role":"assistant"/g)).toHaveLength(2)
    expect(toContent(spliced)).toBe(FIRST_FIVE + ALL_TEN)
  })

  test('stay-open: all is sent, and the connection stays', async () => {
    const text = await readUntil((options) => ask('fault=stay-open', options), '[DONE]')
    expect(text).toContain('"finish_reason":"stop"')
    expect(simulator.counters().total).toMatchObject({ finished: 1, inFlight: 0, abortedByClient: 0 })
  })
})

describe('when faults strike', () => {
  test('once: the second request is answered', async () => {
    expect((await ask('fault=status=500;once')).status).toBe(500)
    expect(toContent(await ask('fault=status=500;once'))).toBe(ALL_TEN)
  })

  test('times=2 by seed', async () => {
    const statuses: number[] = []
    for (const seed of [1, 1, 1, 2]) statuses.push((await ask(`seed=${String(seed)},fault=status=500,times=2`)).status)
    expect(statuses).toEqual([500, 500, 200, 500])
  })

  test('flap: fails and answers by turns', async () => {
    const seen = new Set<number>()
    await expect.poll(async () => seen.add((await ask('fault=status=503;flap=20/20')).status).size, POLL).toBe(2)
    expect([...seen].sort()).toEqual([200, 503])
  })

  test('without stream: error, cut, malformed', async () => {
    const askPlain = (plan: string): Promise<StreamReading> => {
      const body = { model: `sim:${plan}`, messages: [{ role: 'user', content: 'hello' }] }
      return post(`${simulator.baseUrl('openai')}/chat/completions`, body, { headers: { authorization: 'Bearer k' } })
    }
    expect((await askPlain('fault=error@3')).status).toBe(500)
    await expect(askPlain('fault=cut@3')).rejects.toThrow()
    const { text } = await askPlain('fault=malformed')
    expect(() => parseObject(text)).toThrow(SyntaxError)
  })
})

describe('timing', () => {
  test('keeps ttft and gap', async () => {
    const startedAt = performance.now()
    let firstAt = 0
    const onText = (text: string): void => {
      if (firstAt === 0 && /"content":"[^"]/.test(text)) firstAt = performance.now()
    }
    await ask('tokens=10,ttft=60,gap=10', { onText })
    expect(firstAt - startedAt).toBeGreaterThanOrEqual(55)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(145)
  })
})
