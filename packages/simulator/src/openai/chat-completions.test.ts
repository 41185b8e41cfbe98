import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSimulator, type Simulator } from '../open-simulator.ts'
import { createFaultGate } from '../plan/fault-gate.ts'
import { toPlan } from '../plan.ts'
import { toPlannedText } from '../run/planned-text.ts'
import { toSimulatedReasoningTokens, toSimulatedText } from '../simulated-text.ts'
import { joinTexts, listObjectsOf, parseObject, pick, post, type StreamReading } from '../testing/simulator-client.ts'
import { toStableHash } from '../text/stable-hash.ts'
import { createTokenCache } from '../text/token-cache.ts'

let simulator: Simulator

beforeAll(async () => {
  simulator = await openSimulator({ defaultPlan: 'ttft=0 gap=0' })
})
beforeEach(() => {
  simulator.reset()
})
afterAll(async () => {
  await simulator.close()
})

const HEADERS = { authorization: 'Bearer sk-test' }

function ask(model: string, extra: object = {}, prompt = 'hello'): Promise<StreamReading> {
  const body = { model, stream: true, messages: [{ role: 'user', content: prompt }], ...extra }
  return post(`${simulator.baseUrl('openai')}/chat/completions`, body, { headers: HEADERS })
}

const WITH_USAGE = { stream_options: { include_usage: true } }

describe('a chat completion stream', () => {
  test('has the recorded shape, in the recorded order', async () => {
    const { status, headers, text, frames } = await ask('sim:tokens=3,seed=7', WITH_USAGE)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(text).toMatch(/^(data: [^\n]+\n\n)+$/)
    expect(frames.at(-1)?.data).toBe('[DONE]')
    const chunks = listObjectsOf(frames)
    expect(chunks).toHaveLength(6)
    const first = chunks[0] ?? {}
    expect(Object.keys(first)).toEqual([
      'id',
      'object',
      'created',
      'model',
      'service_tier',
      'system_fingerprint',
      'choices',
      'usage',
      'obfuscation',
    ])
    expect(first).toMatchObject({
      object: 'chat.completion.chunk',
      model: 'sim:tokens=3,seed=7',
      choices: [
        { index: 0, delta: { role: 'assistant', content: '', refusal: null }, logprobs: null, finish_reason: null },
      ],
      usage: null,
    })
    for (const chunk of chunks) expect([chunk['id'], chunk['created']]).toEqual([first['id'], first['created']])
    expect(joinTexts(chunks, 'choices', 0, 'delta', 'content')).toBe(toSimulatedText({ seed: 7, tokens: 3 }))
    expect(chunks[4]).toMatchObject({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null })
    expect(chunks[5]).toMatchObject({
      choices: [],
      usage: { completion_tokens: 3, completion_tokens_details: { reasoning_tokens: 0 } },
    })
  })

  test('repeats byte for byte', async () => {
    const readings = await Promise.all([ask('sim:tokens=20'), ask('sim:tokens=20')])
    expect(readings[0].text).toBe(readings[1].text)
  })

  test('takes the hash of the prompt as seed, and 60 tokens', async () => {
    const { frames } = await ask('sim')
    const expected = toSimulatedText({ seed: toStableHash('hello'), tokens: 60 })
    expect(joinTexts(listObjectsOf(frames), 'choices', 0, 'delta', 'content')).toBe(expected)
  })

  test('reads the directive in the last user prompt, also in parts', async () => {
    const content = [{ type: 'text', text: 'look [[sim tokens=4 seed=9]]' }]
    const { frames } = await ask('sim:tokens=99', { messages: [{ role: 'user', content }] })
    expect(joinTexts(listObjectsOf(frames), 'choices', 0, 'delta', 'content')).toBe(
      toSimulatedText({ seed: 9, tokens: 4 }),
    )
  })

  test('leaves out usage and obfuscation unless asked', async () => {
    const { text } = await ask('sim:tokens=2', { stream_options: { include_obfuscation: false } })
    expect(text).not.toContain('usage')
    expect(text).not.toContain('obfuscation')
  })

  test('ends with length at the limit of the caller', async () => {
    const { frames } = await ask('sim:tokens=9,seed=1', { max_completion_tokens: 4 })
    const chunks = listObjectsOf(frames)
    expect(joinTexts(chunks, 'choices', 0, 'delta', 'content')).toBe(toSimulatedText({ seed: 1, tokens: 4 }))
    expect(joinTexts(chunks, 'choices', 0, 'finish_reason')).toBe('length')
  })

  test('streams tool calls by index, with arguments in pieces', async () => {
    const { frames } = await ask('sim:tokens=0,tools=2')
    const chunks = listObjectsOf(frames)
    const calls = chunks.map((chunk) => pick(chunk, 'choices', 0, 'delta', 'tool_calls', 0)).filter(Boolean)
    const starts = calls.filter((call) => pick(call, 'id') !== undefined)
    expect(starts.map((call) => pick(call, 'index'))).toEqual([0, 1])
    expect(starts[0]).toMatchObject({ type: 'function', function: { name: 'get_weather', arguments: '' } })
    const pieces = calls.filter((call) => pick(call, 'index') === 1).map((call) => pick(call, 'function', 'arguments'))
    expect(pieces.length).toBeGreaterThan(2)
    expect(parseObject(pieces.join(''))).toMatchObject({ days: 2 })
    expect(joinTexts(chunks, 'choices', 0, 'finish_reason')).toBe('tool_calls')
  })

  test('answers with text once the tool has answered', async () => {
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
    ]
    const { text } = await ask('sim:tokens=2,tools=1', { messages })
    expect(text).not.toContain('tool_calls')
  })
})

describe('prefill', () => {
  const tokens = 40
  const whole = toSimulatedText({ seed: 5, tokens })

  test('goes on exactly from any cut, also inside a character', () => {
    const cache = createTokenCache(4)
    const faults = createFaultGate({ nowMs: () => 0, maxCounted: 1 }).admit([], 5)
    const plan = toPlan([{ tokens, seed: 5 }])
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const prefill = whole.slice(0, cut)
      const text = toPlannedText(cache, { plan, seed: 5, prompt: '', prefill, maxTokens: null, faults })
      expect(prefill + text.answer.join('')).toBe(whole)
      expect(text.answer.every((token) => token !== '')).toBe(true)
    }
  })

  test.each([
    ['a last assistant message', {}],
    ['continue_final_message', { continue_final_message: true, add_generation_prompt: false }],
    ['prefix', { isPrefix: true }],
  ])('works over the socket by %s', async (_name, extra) => {
    const prefill = whole.slice(0, 61)
    const assistant = { role: 'assistant', content: prefill, ...('isPrefix' in extra ? { prefix: true } : {}) }
    const messages = [{ role: 'user', content: 'hello' }, assistant]
    const { frames } = await ask('sim:tokens=40,seed=5', { ...extra, messages })
    expect(prefill + joinTexts(listObjectsOf(frames), 'choices', 0, 'delta', 'content')).toBe(whole)
  })

  test('says something else after a beginning that is not its own', async () => {
    const messages = [
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: 'Quite another text' },
    ]
    const { frames } = await ask('sim:tokens=40,seed=5', { messages })
    const text = joinTexts(listObjectsOf(frames), 'choices', 0, 'delta', 'content')
    expect(text).not.toBe('')
    expect(text).not.toBe(whole)
  })
})

describe('quirks of compatible servers', () => {
  const answer = toSimulatedText({ seed: 2, tokens: 4 })
  const reasoning = toSimulatedReasoningTokens({ seed: 2, tokens: 3 }).join('')
  const askQuirk = async (quirk: string, extra: object = {}) => {
    const reading = await ask(`sim:tokens=4,reasoning=3,seed=2,quirk=${quirk}`, extra)
    return { ...reading, chunks: listObjectsOf(reading.frames) }
  }

  test.each([
    ['deepseek', 'reasoning_content'],
    ['qwen', 'reasoning_content'],
    ['groq', 'reasoning'],
    ['kimi', 'reasoning_content'],
    ['vllm', 'reasoning'],
    ['ollama', 'reasoning'],
  ])('%s puts reasoning into delta.%s', async (quirk, field) => {
    const { chunks } = await askQuirk(quirk)
    expect(joinTexts(chunks, 'choices', 0, 'delta', field)).toBe(reasoning)
    expect(joinTexts(chunks, 'choices', 0, 'delta', 'content')).toBe(answer)
    expect(joinTexts(chunks, 'choices', 0, 'finish_reason')).toBe('stop')
  })

  test('deepseek, groq, mistral and kimi put usage into the finish chunk, unasked', async () => {
    for (const quirk of ['deepseek', 'groq', 'mistral', 'kimi']) {
      const { chunks } = await askQuirk(quirk)
      const last = chunks.at(-1)
      expect(pick(last, 'choices', 0, 'finish_reason'), quirk).toBe('stop')
      expect(pick(last, 'usage', 'completion_tokens'), quirk).toBe(7)
    }
  })

  test('groq has x_groq on the first and the last chunk', async () => {
    const { chunks } = await askQuirk('groq')
    expect(pick(chunks[0], 'x_groq', 'id')).toBe('req_simulated')
    expect(pick(chunks.at(-1), 'x_groq', 'usage', 'queue_time')).toBe(0.05)
  })

  test('kimi has no object, and its last token in the finish chunk', async () => {
    const { chunks } = await askQuirk('kimi')
    expect(chunks.every((chunk) => !('object' in chunk))).toBe(true)
    expect(pick(chunks.at(-1), 'choices', 0, 'delta', 'content')).not.toBe('')
  })

  test('mistral has arrays as content and whole tool calls without index', async () => {
    const { chunks } = await askQuirk('mistral')
    expect(joinTexts(chunks, 'choices', 0, 'delta', 'content', 0, 'text')).toBe(answer)
    expect(joinTexts(chunks, 'choices', 0, 'delta', 'content', 0, 'thinking', 0, 'text')).toBe(reasoning)
    const tools = listObjectsOf((await ask('sim:tokens=0,tools=1,quirk=mistral')).frames)
    const call = tools.map((chunk) => pick(chunk, 'choices', 0, 'delta', 'tool_calls', 0)).find(Boolean)
    expect(call).not.toHaveProperty('index')
    expect(parseObject(String(pick(call, 'function', 'arguments')))).toMatchObject({ days: 1 })
  })

  test('qwen sends an empty id on later tool deltas and choices first', async () => {
    const { text, frames } = await ask('sim:tokens=0,tools=1,quirk=qwen', WITH_USAGE)
    expect(text).toMatch(/^data: \{"choices":/)
    const calls = listObjectsOf(frames).map((chunk) => pick(chunk, 'choices', 0, 'delta', 'tool_calls', 0, 'id'))
    expect(calls.filter((id) => id === '').length).toBeGreaterThan(1)
    expect(pick(listObjectsOf(frames).at(-1), 'usage', 'prompt_tokens')).toBe(2)
  })

  test('vllm reports usage on every chunk when asked', async () => {
    const { chunks } = await askQuirk('vllm', { stream_options: { include_usage: true, continuous_usage_stats: true } })
    const tokenChunks = chunks.filter((chunk) => pick(chunk, 'choices', 0, 'delta', 'content'))
    expect(tokenChunks).toHaveLength(4)
    expect(tokenChunks.every((chunk) => typeof pick(chunk, 'usage', 'completion_tokens') === 'number')).toBe(true)
  })

  test('ollama says assistant on every delta and has its fingerprint', async () => {
    const { chunks } = await askQuirk('ollama')
    expect(chunks.every((chunk) => pick(chunk, 'choices', 0, 'delta', 'role') === 'assistant')).toBe(true)
    expect(pick(chunks[0], 'system_fingerprint')).toBe('fp_ollama')
    expect(String(pick(chunks[0], 'id'))).toMatch(/^chatcmpl-\d+$/)
  })

  test('azure begins with a prompt filter chunk and has one without delta at the end', async () => {
    const { chunks } = await askQuirk('azure')
    expect(chunks[0]).toMatchObject({ choices: [], id: '', model: '', created: 0 })
    expect(chunks[0]).toHaveProperty('prompt_filter_results')
    expect(pick(chunks.at(-1), 'choices', 0)).not.toHaveProperty('delta')
  })

  test('think-tags hides the reasoning in the content, with tags cut in two', async () => {
    const { chunks } = await askQuirk('think-tags')
    expect(joinTexts(chunks, 'choices', 0, 'delta', 'content')).toBe(`<think>\n${reasoning}\n</think>\n\n${answer}`)
    expect(chunks.some((chunk) => String(pick(chunk, 'choices', 0, 'delta', 'content')).includes('<think>'))).toBe(
      false,
    )
  })
})

describe('beside the stream', () => {
  test('answers in one piece without stream', async () => {
    const { status, text } = await ask('sim:tokens=5,seed=3,reasoning=2,tools=1', { stream: false })
    expect(status).toBe(200)
    expect(parseObject(text)).toMatchObject({
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: toSimulatedText({ seed: 3, tokens: 5 }), refusal: null },
          finish_reason: 'tool_calls',
        },
      ],
      usage: { completion_tokens: 7 },
    })
  })

  test('lists models', async () => {
    const { text } = await post(`${simulator.baseUrl('openai')}/models`, null, { headers: HEADERS, method: 'GET' })
    expect(pick(parseObject(text), 'data', 0, 'id')).toBe('sim')
  })

  test.each([
    ['no key', {}, {}, 401, 'invalid_api_key'],
    ['no messages', HEADERS, { messages: [] }, 400, null],
    ['a plan with a mistake', HEADERS, { model: 'sim:tokns=3' }, 400, null],
  ])('refuses %s in the shape of OpenAI', async (_name, headers, extra, status, code) => {
    const body = { model: 'sim', stream: true, messages: [{ role: 'user', content: 'hi' }], ...extra }
    const reading = await post(`${simulator.baseUrl('openai')}/chat/completions`, body, { headers })
    expect(reading.status).toBe(status)
    expect(parseObject(reading.text)).toMatchObject({ error: { type: 'invalid_request_error', param: null, code } })
    expect(simulator.counters().providers.openai).toMatchObject({ requests: 1, faulted: 1, inFlight: 0 })
  })
})
