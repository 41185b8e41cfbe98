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

interface Asking extends PostOptions {
  key?: string
  version?: 'v1' | 'v2'
  prompt?: string
  body?: object
}

function ask(asking: Asking): Promise<StreamReading> {
  const content = asking.prompt ?? 'hello'
  const body = { stream: true, detail: true, messages: [{ role: 'user', content }], ...asking.body }
  const url = `${simulator.baseUrl('fastgpt')}/${asking.version ?? 'v1'}/chat/completions`
  const headers = { authorization: `Bearer ${asking.key ?? 'fastgpt-sim'}` }
  return post(url, body, { ...asking, headers })
}

async function call(method: string, path: string, fields: Record<string, string | number>): Promise<unknown> {
  const headers = { authorization: 'Bearer fastgpt-sim' }
  const texts = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]))
  const query = method === 'POST' ? '' : `?${new URLSearchParams(texts).toString()}`
  const body = method === 'POST' ? fields : null
  const reading = await post(`${simulator.baseUrl('fastgpt')}/${path}${query}`, body, { headers, method })
  expect(parseObject(reading.text)).toMatchObject({ code: 200, statusText: '', message: '' })
  return parseObject(reading.text)['data']
}

const listRecords = (chatId: string): Promise<unknown> =>
  call('POST', 'core/chat/record/getPaginationRecords', { appId: 'app', chatId, offset: 0, pageSize: 10 })

const listEvents = (reading: StreamReading): (string | null)[] => reading.frames.map((frame) => frame.event)

const toContent = (reading: StreamReading): string =>
  joinTexts(
    listObjectsOf(reading.frames.filter((frame) => frame.event !== 'flowResponses')),
    'choices',
    0,
    'delta',
    'content',
  )

describe('a v1 stream', () => {
  test('without detail can be read by any OpenAI client', async () => {
    const reading = await ask({ body: { detail: false } })
    expect(reading.headers.get('content-type')).toBe('text/event-stream;charset=utf-8')
    expect(reading.headers.get('x-accel-buffering')).toBe('no')
    expect(listEvents(reading)).toEqual([null, null, null, null, null])
    const chunks = listObjectsOf(reading.frames)
    expect(chunks[0]).toEqual({
      id: '',
      object: '',
      created: 0,
      model: '',
      choices: [
        {
          delta: { role: 'assistant', content: pick(chunks[0], 'choices', 0, 'delta', 'content') },
          index: 0,
          finish_reason: null,
        },
      ],
    })
    expect(toContent(reading)).toBe(TEXT)
    expect(chunks.at(-1)).toMatchObject({ choices: [{ delta: { content: null }, finish_reason: 'stop' }] })
    expect(reading.frames.at(-1)?.data).toBe('[DONE]')
  })

  test('with detail shows the nodes, and their reports after [DONE]', async () => {
    const reading = await ask({ key: 'fastgpt-sim:steps=2' })
    expect(listEvents(reading)).toEqual([
      'flowNodeStatus',
      'flowNodeStatus',
      'flowNodeStatus',
      'answer',
      'answer',
      'answer',
      'answer',
      'answer',
      'flowResponses',
    ])
    expect(parseObject(reading.frames[0]?.data ?? null)).toEqual({ status: 'running', name: 'Knowledge base search' })
    expect(reading.frames.at(-2)?.data).toBe('[DONE]')
    const reports: unknown = JSON.parse(reading.frames.at(-1)?.data ?? '')
    expect(reports).toMatchObject([{}, {}, { moduleName: 'AI chat', moduleType: 'chatNode', outputTokens: 3 }])
  })

  test('has tools and reasoning', async () => {
    const reading = await ask({ prompt: '[[sim tools=1 reasoning=2]]' })
    expect(listEvents(reading)).toContain('toolCall')
    const params = reading.frames.filter((frame) => frame.event === 'toolParams')
    expect(parseObject(joinTexts(listObjectsOf(params), 'tool', 'params'))).toMatchObject({ days: 1 })
    const answers = listObjectsOf(reading.frames.filter((frame) => frame.event === 'answer'))
    expect(joinTexts(answers, 'choices', 0, 'delta', 'reasoning_content')).toBe(
      toSimulatedReasoningTokens({ seed: 1, tokens: 2 }).join(''),
    )
  })

  test('keeps alive with empty answers', async () => {
    const beat =
      'event: answer\ndata: {"id":"","object":"","created":0,"model":"","choices":[{"delta":{"role":"assistant","content":""}'
    const key = 'fastgpt-sim:fault=stall-keepalive@0,heartbeat=10'
    const text = await readUntil(
      (options) => ask({ key, ...options }),
      (sofar) => sofar.split(beat).length > 3,
    )
    expect(text).not.toContain('[DONE]')
  })
})

test('a v2 stream reports each node at once and ends with [DONE]', async () => {
  const reading = await ask({ version: 'v2', key: 'fastgpt-sim:steps=1,tokens=1' })
  expect(listEvents(reading)).toEqual([
    'flowNodeStatus',
    'flowNodeResponse',
    'flowNodeStatus',
    'answer',
    'flowNodeResponse',
    'workflowDuration',
    'answer',
    'answer',
  ])
  expect(reading.frames.at(-1)?.data).toBe('[DONE]')
})

describe('without stream', () => {
  test('answers text with dummy usage, and the reports with detail', async () => {
    const plain = parseObject((await ask({ body: { stream: false, detail: false, chatId: 'c' } })).text)
    expect(plain).toMatchObject({
      id: 'c',
      model: '',
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 1 },
      choices: [{ message: { role: 'assistant', content: TEXT }, finish_reason: 'stop', index: 0 }],
    })
    expect(plain).not.toHaveProperty('responseData')
    const detailed = parseObject((await ask({ body: { stream: false, chatId: 'd' } })).text)
    expect(detailed).toMatchObject({ responseData: [{ moduleType: 'chatNode' }], newVariables: {} })
  })

  test('answers parts where a tool ran', async () => {
    const reading = await ask({ key: 'fastgpt-sim:tools=1', body: { stream: false } })
    expect(pick(parseObject(reading.text), 'choices', 0, 'message', 'content')).toMatchObject([
      { type: 'tool', tools: [{ toolName: 'get_weather' }] },
      { type: 'text', text: { content: TEXT } },
    ])
  })
})

describe('errors', () => {
  test('a bad key is HTTP 200 with an error event, or 500 without stream', async () => {
    const streamed = await ask({ key: 'sk-other' })
    expect(streamed.status).toBe(200)
    expect(streamed.headers.get('content-type')).toBeNull()
    expect(streamed.frames).toHaveLength(1)
    expect(streamed.frames[0]?.event).toBe('error')
    expect(parseObject(streamed.frames[0]?.data ?? null)).toMatchObject({
      code: 514,
      statusText: 'unAuthApiKey',
      data: null,
    })
    const plain = await ask({ key: 'sk-other', body: { stream: false } })
    expect(plain.status).toBe(500)
    expect(parseObject(plain.text)).toMatchObject({ code: 514, statusText: 'unAuthApiKey' })
  })

  test('planned: in the stream, as a status, too long', async () => {
    const inStream = await ask({ prompt: '[[sim fault=error@2;code=510]]' })
    expect(inStream.frames.at(-1)?.event).toBe('error')
    expect(parseObject(inStream.frames.at(-1)?.data ?? null)).toMatchObject({
      code: 510,
      statusText: 'insufficientQuota',
    })
    expect(inStream.text).not.toContain('[DONE]')
    expect((await ask({ prompt: '[[sim fault=status=429]]' })).status).toBe(429)
    const long = await ask({ prompt: '[[sim fault=context-too-long]]' })
    expect([long.status, long.frames[0]?.event]).toEqual([200, 'error'])
  })

  test('a second request on a running chat is refused', async () => {
    const abort = new AbortController()
    const running = ask({ prompt: '[[sim fault=stall@1]]', body: { chatId: 'busy' }, signal: abort.signal })
    await expect.poll(() => simulator.counters().total.inFlight, POLL).toBe(1)
    const refused = await ask({ body: { chatId: 'busy' } })
    expect(parseObject(refused.frames[0]?.data ?? null)).toMatchObject({ code: 409, statusText: 'chatIsGenerating' })
    abort.abort()
    await Promise.allSettled([running])
  })
})

describe('stored chats', () => {
  test('a client that leaves does not stop the run: it is stored and found by its data id', async () => {
    const asking = {
      prompt: '[[sim tokens=60 gap=10]] tell me',
      body: { chatId: 'left', responseChatItemId: 'my-answer' },
    }
    await readUntil((options) => ask({ ...asking, ...options }), 'event: answer')
    await expect.poll(() => simulator.counters().providers.fastgpt.abortedByClient, POLL).toBe(1)
    await expect.poll(() => simulator.counters().providers.fastgpt.finished, POLL).toBe(1)
    expect(await listRecords('left')).toMatchObject({
      total: 2,
      list: [
        { obj: 'Human' },
        {
          obj: 'AI',
          dataId: 'my-answer',
          value: [{ type: 'text', text: { content: toSimulatedText({ seed: 1, tokens: 60 }) } }],
        },
      ],
    })
  })

  test('a cut connection does not stop the run either', async () => {
    const reading = await ask({ prompt: '[[sim tokens=9 fault=cut@2]]', body: { chatId: 'cut' } })
    expect(toContent(reading)).toBe(toSimulatedText({ seed: 1, tokens: 2 }))
    await expect.poll(() => simulator.counters().providers.fastgpt.finished, POLL).toBe(1)
    const records = await listRecords('cut')
    expect(pick(records, 'list', 1, 'value', 0, 'text', 'content')).toBe(toSimulatedText({ seed: 1, tokens: 9 }))
  })

  test('stop ends the run, closes the stream well, and stores what came', async () => {
    const running = ask({
      prompt: '[[sim tokens=9 fault=stall@4]]',
      version: 'v2',
      body: { chatId: 'stopped', appId: 'app' },
    })
    await expect.poll(() => simulator.counters().total.inFlight, POLL).toBe(1)
    expect(await call('POST', 'v2/chat/stop', { appId: 'app', chatId: 'stopped' })).toEqual({ success: true })
    const reading = await running
    expect(reading.frames.at(-1)?.data).toBe('[DONE]')
    expect(simulator.counters().providers.fastgpt).toMatchObject({ stopped: 1, finished: 0, inFlight: 0 })
    const records = await listRecords('stopped')
    expect(pick(records, 'list', 1, 'value', 0, 'text', 'content')).toBe(toSimulatedText({ seed: 1, tokens: 4 }))
  })

  test('histories, titles, feedback, reports and deletion, also by the old paths', async () => {
    await ask({ body: { chatId: 'one', appId: 'app', responseChatItemId: 'd1' }, prompt: 'first question' })
    await ask({ body: { chatId: 'two', appId: 'app' } })
    const paging = { appId: 'app', offset: 0, pageSize: 10 }
    for (const path of ['core/chat/history/getHistories', 'core/chat/getHistories']) {
      expect(await call('POST', path, paging)).toMatchObject({ total: 2, list: [{ chatId: 'two' }, { chatId: 'one' }] })
    }
    await call('POST', 'core/chat/updateHistory', { appId: 'app', chatId: 'one', customTitle: 'Mine' })
    expect(await call('GET', 'core/chat/init', { appId: 'app', chatId: 'one' })).toMatchObject({
      title: 'Mine',
      app: { chatConfig: { welcomeText: expect.stringContaining('simulated') as string }, name: 'Simulated app' },
    })
    await call('POST', 'core/chat/feedback/updateUserFeedback', {
      appId: 'app',
      chatId: 'one',
      dataId: 'd1',
      userGoodFeedback: 'yes',
    })
    expect(await listRecords('one')).toMatchObject({ list: [{}, { dataId: 'd1', userGoodFeedback: 'yes' }] })
    expect(await call('GET', 'core/chat/getResData', { appId: 'app', chatId: 'one', dataId: 'd1' })).toMatchObject([
      { moduleType: 'chatNode' },
    ])
    await call('DELETE', 'core/chat/item/delete', { appId: 'app', chatId: 'one', contentId: 'd1' })
    expect(await listRecords('one')).toMatchObject({ total: 1, list: [{ obj: 'Human' }] })
    await call('DELETE', 'core/chat/history/delHistory', { appId: 'app', chatId: 'two' })
    expect(await call('POST', 'core/chat/getHistories', paging)).toMatchObject({ total: 1 })
  })

  test('records are paged from the newest', async () => {
    for (const id of ['a', 'b', 'c']) await ask({ body: { chatId: 'paged', responseChatItemId: id } })
    const path = 'core/chat/record/getPaginationRecords'
    const page = await call('POST', path, { appId: 'app', chatId: 'paged', offset: 2, pageSize: 2 })
    expect(page).toMatchObject({ total: 6, list: [{ obj: 'Human' }, { obj: 'AI', dataId: 'b' }] })
  })
})

describe('an interactive workflow', () => {
  test('pauses with a choice and goes on with the chosen value', async () => {
    const asking = { prompt: '[[sim interactive=select tokens=6]] help', body: { chatId: 'choice' } }
    const paused = await ask(asking)
    const event = paused.frames.find((frame) => frame.event === 'interactive')
    const options = pick(parseObject(event?.data ?? null), 'interactive', 'params', 'userSelectOptions')
    expect(options).toMatchObject([{ key: 'option0', value: 'Order status' }, {}, {}])
    expect(toContent(paused)).toBe('')
    expect(listEvents(paused).at(-1)).toBe('flowResponses')
    const wrong = await ask({ ...asking, prompt: 'nothing of that' })
    expect(listEvents(wrong)).toContain('interactive')
    const chosen = await ask({ ...asking, prompt: '退货申请' })
    expect(toContent(chosen)).toBe(toSimulatedText({ seed: 1, tokens: 6 }))
    expect(listEvents(chosen)).not.toContain('interactive')
    expect(listEvents(await ask({ ...asking, prompt: 'and now?' }))).not.toContain('interactive')
  })

  test('pauses with a form and goes on with all its fields', async () => {
    const body = { chatId: 'form' }
    const paused = await ask({ key: 'fastgpt-sim:interactive=form', body })
    const event = paused.frames.find((frame) => frame.event === 'interactive')
    expect(pick(parseObject(event?.data ?? null), 'interactive', 'type')).toBe('userInput')
    const partial = await ask({ key: 'fastgpt-sim:interactive=form', body, prompt: '{"name":"Li"}' })
    expect(listEvents(partial)).toContain('interactive')
    const filled = { name: 'Li', amount: 2, size: 'small' }
    const done = await ask({ key: 'fastgpt-sim:interactive=form', body, prompt: JSON.stringify(filled) })
    expect(toContent(done)).toBe(TEXT)
  })
})
