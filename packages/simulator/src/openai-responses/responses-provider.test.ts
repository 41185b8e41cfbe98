import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSimulator, type Simulator } from '../open-simulator.ts'
import { toSimulatedReasoningTokens, toSimulatedText } from '../simulated-text.ts'
import {
  type PostOptions,
  readUntil,
  POLL,
  joinTexts,
  listObjectsOf,
  parseObject,
  pick,
  post,
  type StreamReading,
} from '../testing/simulator-client.ts'

let simulator: Simulator

beforeAll(async () => {
  simulator = await openSimulator({ defaultPlan: 'ttft=0 gap=0 tokens=4 seed=1' })
})
beforeEach(() => {
  simulator.reset()
})
afterAll(async () => {
  await simulator.close()
})

const HEADERS = { authorization: 'Bearer sk-test' }
const TEXT = toSimulatedText({ seed: 1, tokens: 4 })

const toUrl = (path: string): string => `${simulator.baseUrl('openai-responses')}/responses${path}`

function create(model: string, extra: object = {}, signal?: AbortSignal): Promise<StreamReading> {
  const body = { model, input: 'hello', stream: true, ...extra }
  return post(toUrl(''), body, { headers: HEADERS, ...(signal === undefined ? {} : { signal }) })
}

const get = (path: string): Promise<StreamReading> => post(toUrl(path), null, { headers: HEADERS, method: 'GET' })

function listTypes(reading: StreamReading): unknown[] {
  return listObjectsOf(reading.frames).map((event) => event['type'])
}

describe('a response stream', () => {
  test('has the recorded order and numbers from 0 without a gap', async () => {
    const reading = await create('sim')
    expect(listTypes(reading)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      ...Array<string>(4).fill('response.output_text.delta'),
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ])
    const events = listObjectsOf(reading.frames)
    expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_event, index) => index))
    expect(reading.frames.map((frame) => frame.event)).toEqual(listTypes(reading))
    expect(joinTexts(events, 'delta')).toBe(TEXT)
    expect(events.at(-1)).toMatchObject({
      response: {
        status: 'completed',
        output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: TEXT }] }],
        usage: { output_tokens: 4, output_tokens_details: { reasoning_tokens: 0 } },
      },
    })
  })

  test('has reasoning summaries and function calls with two ids', async () => {
    const reading = await create('sim:reasoning=3,tools=1')
    const events = listObjectsOf(reading.frames)
    const summary = events.filter((event) => event['type'] === 'response.reasoning_summary_text.delta')
    expect(joinTexts(summary, 'delta')).toBe(toSimulatedReasoningTokens({ seed: 1, tokens: 3 }).join(''))
    const call = pick(events.at(-1), 'response', 'output', -1)
    expect(call).toMatchObject({ type: 'function_call', name: 'get_weather', status: 'completed' })
    expect(String(pick(call, 'id'))).toMatch(/^fc_/)
    expect(String(pick(call, 'call_id'))).toMatch(/^call_/)
    const pieces = events.filter((event) => event['type'] === 'response.function_call_arguments.delta')
    expect(joinTexts(pieces, 'delta')).toBe(pick(call, 'arguments'))
  })

  test('ends incomplete at a limit', async () => {
    const events = listObjectsOf((await create('sim', { max_output_tokens: 2 })).frames)
    expect(events.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { incomplete_details: { reason: 'max_output_tokens' } },
    })
  })

  test('error@0 comes after created and in_progress, and is followed by response.failed', async () => {
    const reading = await create('sim:fault=error@0;code=insufficient_quota')
    expect(listTypes(reading)).toEqual(['response.created', 'response.in_progress', 'error', 'response.failed'])
    const events = listObjectsOf(reading.frames)
    expect(events[2]).toMatchObject({ sequence_number: 2, error: { code: 'insufficient_quota' } })
    expect(events[3]).toMatchObject({ sequence_number: 3, response: { status: 'failed' } })
  })

  test('no-done leaves out the last event', async () => {
    expect(listTypes(await create('sim:fault=no-done')).at(-1)).toBe('response.output_item.done')
  })

  test('answers in one piece without stream, and keeps it', async () => {
    const made = parseObject((await create('sim', { stream: false })).text)
    expect(made).toMatchObject({ object: 'response', status: 'completed' })
    const stored = await get(`/${String(made['id'])}`)
    expect(parseObject(stored.text)).toEqual(made)
  })
})

describe('a background response', () => {
  const background = { background: true, store: true }

  test('is attached to again with exactly the rest', async () => {
    const whole = await create('sim:tokens=12', background)
    const id = String(pick(listObjectsOf(whole.frames)[0], 'response', 'id'))
    expect(listTypes(whole).slice(0, 3)).toEqual(['response.created', 'response.queued', 'response.in_progress'])
    for (let after = 0; after < whole.frames.length; after += 1) {
      const rest = await get(`/${id}?stream=true&starting_after=${String(after)}`)
      expect(rest.frames).toEqual(whole.frames.slice(after + 1))
    }
    expect((await get(`/${id}?stream=true`)).frames).toEqual(whole.frames)
  })

  test('goes on without its client, and is attached to while it runs', async () => {
    const body = { model: 'sim:tokens=60,gap=10', input: 'hello', stream: true, ...background }
    const ask = (options: PostOptions): Promise<StreamReading> =>
      post(toUrl(''), body, { ...options, headers: HEADERS })
    const seen = await readUntil(ask, '"sequence_number":8')
    const id = /"id":"(resp_[0-9a-f]+)"/.exec(seen)?.[1] ?? ''
    const rest = await get(`/${id}?stream=true&starting_after=7`)
    const events = listObjectsOf(rest.frames)
    expect(events[0]).toMatchObject({ sequence_number: 8 })
    expect(events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: { output: [{ content: [{ text: toSimulatedText({ seed: 1, tokens: 60 }) }] }] },
    })
    expect(simulator.counters().providers['openai-responses']).toMatchObject({ abortedByClient: 1, finished: 1 })
  })

  test('survives a cut of its connection', async () => {
    const cut = await create('sim:tokens=20,fault=cut@5', background)
    const events = listObjectsOf(cut.frames)
    expect(events.at(-1)?.['type']).toBe('response.output_text.delta')
    const id = String(pick(events[0], 'response', 'id'))
    const rest = await get(`/${id}?stream=true&starting_after=${String(events.length - 1)}`)
    const all = [...events, ...listObjectsOf(rest.frames)]
    expect(joinTexts(all, 'delta')).toBe(toSimulatedText({ seed: 1, tokens: 20 }))
  })

  test('is polled without stream, and cancelled', async () => {
    const started = parseObject((await create('sim:fault=stall@2', { ...background, stream: false })).text)
    expect(started).toMatchObject({ status: 'queued', background: true })
    const id = String(started['id'])
    expect(parseObject((await get(`/${id}`)).text)).toMatchObject({ status: 'in_progress' })
    const cancelled = await post(toUrl(`/${id}/cancel`), {}, { headers: HEADERS })
    expect(parseObject(cancelled.text)).toMatchObject({ id, status: 'cancelled' })
    expect(simulator.counters().providers['openai-responses']).toMatchObject({ stopped: 1, inFlight: 0 })
  })

  test('others are neither attached to nor cancelled, and end with their client', async () => {
    const made = parseObject((await create('sim', { stream: false })).text)
    expect((await get(`/${String(made['id'])}?stream=true`)).status).toBe(400)
    expect((await post(toUrl(`/${String(made['id'])}/cancel`), {}, { headers: HEADERS })).status).toBe(400)
    expect((await get('/resp_unknown')).status).toBe(404)
    const abort = new AbortController()
    const stalled = create('sim:fault=stall@1', {}, abort.signal)
    await expect.poll(() => simulator.counters().total.inFlight, POLL).toBe(1)
    abort.abort()
    await Promise.allSettled([stalled])
    await expect.poll(() => simulator.counters().total, POLL).toMatchObject({ inFlight: 0, abortedByClient: 1 })
  })
})
