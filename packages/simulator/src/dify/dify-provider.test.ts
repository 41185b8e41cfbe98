import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSimulator, type Simulator } from '../open-simulator.ts'
import { toSimulatedReasoningTokens, toSimulatedText } from '../simulated-text.ts'
import {
  readUntil,
  POLL,
  joinTexts,
  listObjectsOf,
  parseObject,
  pick,
  post,
  type PostOptions,
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

const TEXT = toSimulatedText({ seed: 1, tokens: 3 })

function ask(plan: string, extra: object = {}, options: PostOptions = {}): Promise<StreamReading> {
  const body = { inputs: {}, query: 'hello', response_mode: 'streaming', conversation_id: '', user: 'u1', ...extra }
  const headers = { authorization: `Bearer app-sim:${plan}` }
  return post(`${simulator.baseUrl('dify')}/chat-messages`, body, { ...options, headers })
}

function call(
  method: string,
  path: string,
  body: object | null = null,
  options: PostOptions = {},
): Promise<StreamReading> {
  const headers = { authorization: 'Bearer app-sim' }
  return post(`${simulator.baseUrl('dify')}${path}`, body, { ...options, headers, method })
}

const listNames = (reading: StreamReading): unknown[] => listObjectsOf(reading.frames).map((event) => event['event'])

describe('a chat app', () => {
  test('streams messages and message_end, the event name inside the JSON', async () => {
    const reading = await ask('tokens=3')
    expect(reading.headers.get('content-type')).toBe('text/event-stream')
    expect(reading.text).toMatch(/^(data: [^\n]+\n\n)+$/)
    expect(listNames(reading)).toEqual(['message', 'message', 'message', 'message_end'])
    const events = listObjectsOf(reading.frames)
    expect(joinTexts(events, 'answer')).toBe(TEXT)
    for (const event of events) {
      expect(event['task_id']).toBe(events[0]?.['task_id'])
      expect(event['id']).toBe(event['message_id'])
      expect(typeof event['created_at']).toBe('number')
    }
    expect(events.at(-1)).toMatchObject({ metadata: { usage: { completion_tokens: 3, currency: 'USD' } } })
  })

  test('pings with a bare event line', async () => {
    const pings = 'event: ping\n\nevent: ping\n\nevent: ping\n\n'
    const text = await readUntil((options) => ask('fault=stall-keepalive@0,heartbeat=10', {}, options), pings)
    expect(text.startsWith(pings)).toBe(true)
  })

  test('answers in one piece when blocking, which is the default', async () => {
    const { text } = await ask('tokens=3', { response_mode: undefined })
    expect(parseObject(text)).toMatchObject({ event: 'message', mode: 'chat', answer: TEXT, metadata: { usage: {} } })
  })

  test('errors in the stream without a task id', async () => {
    const events = listObjectsOf((await ask('fault=error@2;code=provider_quota_exceeded')).frames)
    expect(events.at(-1)).toMatchObject({ event: 'error', status: 400, code: 'provider_quota_exceeded' })
    expect(events.at(-1)).not.toHaveProperty('task_id')
    expect(listObjectsOf((await ask('fault=error@0')).frames)).toMatchObject([{ event: 'error', status: 500 }])
  })
})

describe('an agent app', () => {
  test('re-sends a thought as it fills, and streams agent messages', async () => {
    const reading = await ask('mode=agent,tools=1')
    const thoughts = listObjectsOf(reading.frames).filter((event) => event['event'] === 'agent_thought')
    expect(thoughts.map((event) => event['position'])).toEqual([1, 1, 1, 2, 2])
    expect(thoughts[0]?.['id']).toBe(thoughts[2]?.['id'])
    expect(thoughts[2]).toMatchObject({ tool: 'get_weather', observation: '{"get_weather":"ok"}' })
    const messages = listObjectsOf(reading.frames).filter((event) => event['event'] === 'agent_message')
    expect(joinTexts(messages, 'answer')).toBe(TEXT)
    expect(listNames(reading).at(-1)).toBe('message_end')
  })

  test('must stream', async () => {
    const reading = await ask('mode=agent', { response_mode: 'blocking' })
    expect(reading.status).toBe(400)
    expect(parseObject(reading.text)).toMatchObject({ code: 'invalid_param', status: 400 })
  })
})

describe('a chatflow', () => {
  test('tells its nodes round the messages', async () => {
    const reading = await ask('mode=workflow,steps=1,tokens=1')
    expect(listNames(reading)).toEqual([
      'workflow_started',
      'node_started',
      'node_finished',
      'node_started',
      'node_finished',
      'node_started',
      'message',
      'node_finished',
      'node_started',
      'node_finished',
      'message_end',
      'workflow_finished',
    ])
    const finished = listObjectsOf(reading.frames).at(-1)
    expect(finished).toMatchObject({ data: { status: 'succeeded', error: null, total_steps: 4 } })
    const llm = listObjectsOf(reading.frames)[5]
    expect(llm).toMatchObject({ data: { node_id: 'llm', index: 3, predecessor_node_id: 'retrieval-0' } })
  })

  test('closes in the other order when asked', async () => {
    const names = listNames(await ask('mode=workflow,order=workflow-finished-first'))
    expect(names.slice(-2)).toEqual(['workflow_finished', 'message_end'])
  })

  test('streams reasoning in chunks', async () => {
    const events = listObjectsOf((await ask('mode=workflow,reasoning=2')).frames)
    const chunks = events.filter((event) => event['event'] === 'reasoning_chunk')
    expect(joinTexts(chunks, 'data', 'reasoning')).toBe(toSimulatedReasoningTokens({ seed: 1, tokens: 2 }).join(''))
    expect(chunks.map((chunk) => pick(chunk, 'data', 'is_final'))).toEqual([false, true])
  })

  test('fails with workflow_finished, then error', async () => {
    const reading = await ask('mode=workflow,fault=error@1')
    expect(listNames(reading).slice(-2)).toEqual(['workflow_finished', 'error'])
    expect(listObjectsOf(reading.frames).at(-2)).toMatchObject({ data: { status: 'failed' } })
  })

  test('pauses for a human', async () => {
    const names = listNames(await ask('mode=workflow,interactive=form'))
    expect(names.slice(-2)).toEqual(['human_input_required', 'workflow_paused'])
  })
})

describe('conversations', () => {
  test('are issued, bound to their user, listed, and deleted', async () => {
    const first = listObjectsOf((await ask('tokens=3')).frames)[0] ?? {}
    const conversationId = String(first['conversation_id'])
    const other = await ask('tokens=3', { conversation_id: conversationId, user: 'u2' })
    expect(other.status).toBe(404)
    expect(parseObject(other.text)).toEqual({ code: 'not_found', message: 'Conversation Not Exists.', status: 404 })
    expect((await ask('tokens=3', { conversation_id: 'made-up' })).status).toBe(404)
    const second = listObjectsOf((await ask('tokens=3', { conversation_id: conversationId })).frames)[0] ?? {}
    expect(second['conversation_id']).toBe(conversationId)
    expect(second['message_id']).not.toBe(first['message_id'])
    const listed = await call('GET', '/conversations?user=u1')
    expect(parseObject(listed.text)).toMatchObject({ has_more: false, data: [{ id: conversationId, name: 'hello' }] })
    expect(parseObject((await call('GET', '/conversations?user=u2')).text)).toMatchObject({ data: [] })
    expect((await call('DELETE', `/conversations/${conversationId}`, { user: 'u2' })).status).toBe(404)
    expect((await call('DELETE', `/conversations/${conversationId}`, { user: 'u1' })).status).toBe(204)
    expect((await call('GET', `/messages?conversation_id=${conversationId}&user=u1`)).status).toBe(404)
  })

  test('keep their messages, the newest page first, with feedback', async () => {
    const conversationId = String(listObjectsOf((await ask('tokens=3')).frames)[0]?.['conversation_id'])
    for (const query of ['b', 'c']) await ask('tokens=3', { conversation_id: conversationId, query })
    const path = `/messages?conversation_id=${conversationId}&user=u1&limit=2`
    const newest = parseObject((await call('GET', path)).text)
    expect(newest).toMatchObject({ has_more: true, data: [{ query: 'b', answer: TEXT }, { query: 'c' }] })
    const firstId = String(pick(newest, 'data', 0, 'id'))
    const older = parseObject((await call('GET', `${path}&first_id=${firstId}`)).text)
    expect(older).toMatchObject({ has_more: false, data: [{ query: 'hello', feedback: null }] })
    const rated = await call('POST', `/messages/${firstId}/feedbacks`, { rating: 'like', user: 'u1' })
    expect(parseObject(rated.text)).toEqual({ result: 'success' })
    expect(parseObject((await call('GET', path)).text)).toMatchObject({ data: [{ feedback: { rating: 'like' } }, {}] })
    expect((await call('POST', `/messages/${firstId}/feedbacks`, { rating: 'like', user: 'u2' })).status).toBe(404)
  })
})

describe('stop and re-attach', () => {
  test('only the same user stops; both hear success', async () => {
    let seen = ''
    const onText = (text: string): void => {
      seen = text
    }
    const running = ask('mode=workflow,tokens=9,fault=stall@2', {}, { onText })
    await expect.poll(() => seen, POLL).toContain('"answer"')
    const taskId = String(parseObject(/data: (.*)/.exec(seen)?.[1] ?? '')['task_id'])
    const wrong = await call('POST', `/chat-messages/${taskId}/stop`, { user: 'u2' })
    expect(parseObject(wrong.text)).toEqual({ result: 'success' })
    expect(simulator.counters().providers.dify).toMatchObject({ inFlight: 1, stopped: 0 })
    await call('POST', `/chat-messages/${taskId}/stop`, { user: 'u1' })
    const events = listObjectsOf((await running).frames)
    expect(events.at(-2)).toMatchObject({ event: 'message_end' })
    expect(events.at(-1)).toMatchObject({ event: 'workflow_finished', data: { status: 'stopped' } })
    expect(simulator.counters().providers.dify).toMatchObject({ inFlight: 0, stopped: 1 })
  })

  test('a run goes on without its client; its events go on to whoever attaches', async () => {
    const shown = toSimulatedText({ seed: 1, tokens: 4 })
    const left = await readUntil((options) => ask('mode=workflow,tokens=9,fault=stall@4', {}, options), '"answer"')
    const started = parseObject(/data: (.*)/.exec(left)?.[1] ?? '')
    const runPath = `/workflow/${String(started['workflow_run_id'])}/events`
    await expect.poll(() => simulator.counters().total.abortedByClient, POLL).toBe(1)
    expect((await call('GET', `${runPath}?user=u2`)).status).toBe(404)

    const heard: Record<string, string> = {}
    const attach = (path: string): Promise<StreamReading> =>
      call('GET', path, null, { onText: (text) => (heard[path] = text) })
    const livePath = `/workflow/${String(started['task_id'])}/events?user=u1`
    const snapshotPath = `${runPath}?user=u1&include_state_snapshot=true`
    const live = attach(livePath)
    const snapshot = attach(snapshotPath)
    await expect.poll(() => heard[snapshotPath], POLL).toContain('node_finished')
    await expect.poll(() => simulator.counters().total.otherRequests, POLL).toBe(3)
    await call('POST', `/chat-messages/${String(started['task_id'])}/stop`, { user: 'u1' })

    expect(listNames(await live)).toEqual(['message_end', 'workflow_finished'])
    const events = listObjectsOf((await snapshot).frames)
    expect(events.slice(0, 2)).toMatchObject([
      { event: 'workflow_started' },
      { event: 'message_replace', answer: shown },
    ])
    expect(events.slice(-2)).toMatchObject([{ event: 'message_end' }, { event: 'workflow_finished' }])
    const finished = await call('GET', `${runPath}?user=u1`)
    expect(listObjectsOf(finished.frames)).toMatchObject([
      { event: 'workflow_finished', data: { status: 'stopped', outputs: { answer: shown } } },
    ])
    expect(simulator.counters().providers.dify).toMatchObject({ abortedByClient: 1, stopped: 1, finished: 0 })
  })

  test('a run whose client left ends and is stored', async () => {
    await readUntil((options) => ask('tokens=60,gap=10', {}, options), '"answer"')
    await expect.poll(() => simulator.counters().providers.dify.finished, POLL).toBe(1)
    const conversations = parseObject((await call('GET', '/conversations?user=u1')).text)
    const id = String(pick(conversations, 'data', 0, 'id'))
    const messages = parseObject((await call('GET', `/messages?conversation_id=${id}&user=u1`)).text)
    expect(pick(messages, 'data', 0, 'answer')).toBe(toSimulatedText({ seed: 1, tokens: 60 }))
  })
})

describe('about the app', () => {
  test.each([
    ['app-sim:mode=chat', 'chat'],
    ['app-sim:mode=agent', 'agent-chat'],
    ['app-sim:mode=workflow,tokens=3', 'advanced-chat'],
  ])('info of %s tells the mode', async (key, mode) => {
    const headers = { authorization: `Bearer ${key}` }
    const { text } = await post(`${simulator.baseUrl('dify')}/info`, null, { headers, method: 'GET' })
    expect(parseObject(text)).toMatchObject({ mode })
  })

  test('parameters has the opening statement and the form', async () => {
    expect(parseObject((await call('GET', '/parameters')).text)).toMatchObject({
      suggested_questions: [expect.any(String), expect.any(String)],
      user_input_form: [{ 'text-input': { variable: 'name' } }],
      file_upload: { image: { enabled: true } },
    })
  })

  test.each([
    ['no query', { query: '' }, 400, 'invalid_param'],
    ['no user', { user: undefined }, 400, 'invalid_param'],
    ['no inputs', { inputs: undefined }, 400, 'invalid_param'],
  ])('refuses %s', async (_name, extra, status, code) => {
    const reading = await ask('tokens=1', extra)
    expect(parseObject(reading.text)).toMatchObject({ status, code })
  })

  test('refuses a bad key, and statuses as planned', async () => {
    const headers = { authorization: 'Bearer nonsense' }
    const reading = await post(`${simulator.baseUrl('dify')}/info`, null, { headers, method: 'GET' })
    expect(parseObject(reading.text)).toEqual({ code: 'unauthorized', message: 'Access token is invalid', status: 401 })
    const busy = await ask('fault=status=429')
    expect([busy.status, parseObject(busy.text)['code']]).toEqual([429, 'too_many_requests'])
  })
})
