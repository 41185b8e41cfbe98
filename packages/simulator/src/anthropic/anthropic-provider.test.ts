import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSimulator, type Simulator } from '../open-simulator.ts'
import { toSimulatedReasoningTokens, toSimulatedText } from '../simulated-text.ts'
import {
  type PostOptions,
  readUntil,
  joinTexts,
  listObjectsOf,
  parseObject,
  pick,
  post,
  type StreamReading,
} from '../testing/simulator-client.ts'

let simulator: Simulator

beforeAll(async () => {
  simulator = await openSimulator({ defaultPlan: 'ttft=0 gap=0 tokens=3 seed=1' })
})
beforeEach(() => {
  simulator.reset()
})
afterAll(async () => {
  await simulator.close()
})

const HEADERS = { 'x-api-key': 'sk-ant-test', 'anthropic-version': '2023-06-01' }
const USER = { role: 'user', content: [{ type: 'text', text: 'hello' }] }

const PING = 'event: ping\ndata: {"type":"ping"}\n\n'
const PINGS = PING + PING + PING

function ask(
  model: string,
  extra: object = {},
  headers: Record<string, string> = HEADERS,
  options: PostOptions = {},
): Promise<StreamReading> {
  const body = { model, max_tokens: 1000, stream: true, messages: [USER], ...extra }
  return post(`${simulator.baseUrl('anthropic')}/v1/messages`, body, { ...options, headers })
}

describe('a message stream', () => {
  test('has the recorded events in the recorded order', async () => {
    const { status, headers, text, frames } = await ask('sim')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('text/event-stream')
    expect(text).toMatch(/^(event: \w+\ndata: [^\n]+\n\n)+$/)
    expect(frames.map((frame) => frame.event)).toEqual([
      'message_start',
      'content_block_start',
      'ping',
      'content_block_delta',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    const events = listObjectsOf(frames)
    expect(events.map((event) => event['type'])).toEqual(frames.map((frame) => frame.event))
    expect(events[0]).toMatchObject({
      message: { type: 'message', role: 'assistant', content: [], stop_reason: null, usage: { output_tokens: 1 } },
    })
    expect(joinTexts(events, 'delta', 'text')).toBe(toSimulatedText({ seed: 1, tokens: 3 }))
    expect(events.at(-2)).toMatchObject({
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 3 },
    })
  })

  test('has thinking with a signature, and tool use with input in pieces', async () => {
    const events = listObjectsOf((await ask('sim:reasoning=2,tools=1')).frames)
    expect(joinTexts(events, 'delta', 'thinking')).toBe(toSimulatedReasoningTokens({ seed: 1, tokens: 2 }).join(''))
    expect(events.find((event) => pick(event, 'delta', 'type') === 'signature_delta')).toMatchObject({ index: 0 })
    const pieces = events.filter((event) => pick(event, 'delta', 'type') === 'input_json_delta')
    expect(pick(pieces[0], 'delta', 'partial_json')).toBe('')
    expect(parseObject(joinTexts(pieces, 'delta', 'partial_json'))).toMatchObject({ days: 1 })
    expect(pick(events.at(-2), 'delta', 'stop_reason')).toBe('tool_use')
  })

  test('stops at max_tokens', async () => {
    const events = listObjectsOf((await ask('sim', { max_tokens: 2 })).frames)
    expect(joinTexts(events, 'delta', 'text')).toBe(toSimulatedText({ seed: 1, tokens: 2 }))
    expect(pick(events.at(-2), 'delta', 'stop_reason')).toBe('max_tokens')
  })

  test('refuses without any content block', async () => {
    const { frames } = await ask('sim:fault=content-filter@0')
    expect(frames.map((frame) => frame.event)).toEqual(['message_start', 'ping', 'message_delta', 'message_stop'])
    expect(listObjectsOf(frames)[2]).toMatchObject({
      delta: { stop_reason: 'refusal', stop_details: { type: 'refusal' } },
    })
  })

  test('sends message_start twice, or splices a second message', async () => {
    const count = (reading: StreamReading): number =>
      reading.frames.filter((frame) => frame.event === 'message_start').length
    expect(count(await ask('sim:fault=duplicate-start'))).toBe(2)
    const spliced = await ask('sim:fault=duplicate-start@2')
    expect(count(spliced)).toBe(2)
    expect(joinTexts(listObjectsOf(spliced.frames), 'delta', 'text')).toBe(
      toSimulatedText({ seed: 1, tokens: 2 }) + toSimulatedText({ seed: 1, tokens: 3 }),
    )
  })

  test('errors in the stream in its own shape', async () => {
    const { status, frames } = await ask('sim:fault=error@2')
    expect(status).toBe(200)
    expect(frames.at(-1)).toEqual({
      event: 'error',
      data: '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
      comment: null,
    })
  })

  test('no-done leaves out message_stop', async () => {
    expect((await ask('sim:fault=no-done')).frames.at(-1)?.event).toBe('message_delta')
  })

  test('keeps alive with pings', async () => {
    const text = await readUntil(
      (options) => ask('sim:fault=stall-keepalive@1,heartbeat=10', {}, HEADERS, options),
      PINGS,
    )
    expect(text.match(/text_delta/g)).toHaveLength(1)
  })

  test('answers in one piece without stream', async () => {
    const { text } = await ask('sim:reasoning=1', { stream: false })
    expect(parseObject(text)).toMatchObject({
      type: 'message',
      content: [{ type: 'thinking' }, { type: 'text', text: toSimulatedText({ seed: 1, tokens: 3 }) }],
      stop_reason: 'end_turn',
      usage: { output_tokens: 4 },
    })
  })
})

describe('prefill', () => {
  const whole = toSimulatedText({ seed: 1, tokens: 30 })
  const prefill = whole.slice(0, 40).trimEnd()
  const messages = [USER, { role: 'assistant', content: prefill }]

  test('goes on exactly where it was cut, with the white space that was trimmed', async () => {
    const { frames } = await ask('sim:tokens=30', { messages })
    expect(prefill + joinTexts(listObjectsOf(frames), 'delta', 'text')).toBe(whole)
  })

  test.each([
    ['on models from 4.6', 'claude-sonnet-4-6', {}, 'does not support assistant message prefill'],
    ['with thinking', 'sim', { thinking: { type: 'enabled', budget_tokens: 100 } }, 'thinking'],
    ['that ends with white space', 'sim', { messages: [USER, { role: 'assistant', content: 'so ' }] }, 'whitespace'],
  ])('is refused %s', async (_name, model, extra, message) => {
    const reading = await ask(model, { messages, ...extra })
    expect(reading.status).toBe(400)
    expect(pick(parseObject(reading.text), 'error', 'message')).toContain(message)
  })
})

describe('refusals', () => {
  test.each([
    ['no key', { 'anthropic-version': '2023-06-01' }, {}, 401, 'authentication_error'],
    ['no version', { 'x-api-key': 'k' }, {}, 400, 'invalid_request_error'],
    ['an unknown version', { ...HEADERS, 'anthropic-version': '2020-01-01' }, {}, 400, 'invalid_request_error'],
    [
      'sampling in the new version',
      { ...HEADERS, 'anthropic-version': '2026-10-21' },
      { temperature: 1 },
      400,
      'invalid_request_error',
    ],
    ['no max_tokens', HEADERS, { max_tokens: undefined }, 400, 'invalid_request_error'],
    ['a system role', HEADERS, { messages: [{ role: 'system', content: 'x' }] }, 400, 'invalid_request_error'],
  ])('%s', async (_name, headers, extra, status, type) => {
    const reading = await ask('sim', extra, headers)
    expect(reading.status).toBe(status)
    expect(reading.headers.get('request-id')).toBe('req_simulated')
    expect(parseObject(reading.text)).toMatchObject({ type: 'error', error: { type } })
  })

  test('sampling is taken in the old version, and the new version without it', async () => {
    expect((await ask('sim', { temperature: 1 })).status).toBe(200)
    expect((await ask('sim', {}, { ...HEADERS, 'anthropic-version': '2026-10-21' })).status).toBe(200)
  })

  test('planned: 529, 429 with a spend limit, too long', async () => {
    const overloaded = await ask('sim:fault=status=529')
    expect(parseObject(overloaded.text)).toMatchObject({ error: { type: 'overloaded_error' } })
    const spent = await ask('sim:fault=status=429;code=enforced_spend_limit_reached')
    expect(parseObject(spent.text)).toMatchObject({
      error: { type: 'rate_limit_error', details: { error_code: 'enforced_spend_limit_reached' } },
    })
    const long = await ask('sim:fault=context-too-long')
    expect(pick(parseObject(long.text), 'error', 'message')).toContain('prompt is too long')
  })
})
