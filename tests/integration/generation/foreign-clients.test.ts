import { randomUUID } from 'node:crypto'
import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { toSimulatedText } from '@llmchat/simulator/simulated-text'
import { toPlainText } from '@llmchat/protocol/message-part'
import { Chat } from '@ai-sdk/react'
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from 'ai'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChatClient, readAnswer, type ChatClient } from '../../support/chat-client.ts'
import { startServer, type TestServer } from '../../support/start-server.ts'
import { providers, toOutboundEnv, toTestAgents } from '../../support/test-agents.ts'

/** The issue asks for 1,000 seeded answers per provider; `FOREIGN_CLIENT_ANSWERS` scales it down for quick runs. */
const answersPerProvider = Number(process.env['FOREIGN_CLIENT_ANSWERS'] ?? 1000)
const atOnce = 25

let simulator: Simulator
let server: TestServer
let client: ChatClient
let openai: OpenAI

beforeAll(async () => {
  simulator = await openSimulator()
  server = await startServer({ agents: toTestAgents(simulator), env: toOutboundEnv(simulator) })
  client = createChatClient(server)
  openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: server.apiKey, maxRetries: 0 })
})
afterAll(async () => {
  await server.close()
  await simulator.close()
})

async function forEachSeed(work: (seed: number) => Promise<void>): Promise<void> {
  let next = 1
  const lanes = Array.from({ length: atOnce }, async () => {
    while (next <= answersPerProvider) await work(next++)
  })
  await Promise.all(lanes)
}

async function streamText(model: string, content: string): Promise<string> {
  const stream = await openai.chat.completions.create({ model, stream: true, messages: [{ role: 'user', content }] })
  let text = ''
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  return text
}

const imagePart = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }

describe('the openai package', () => {
  it.each(providers)(`streams byte-exact text for every seed: %s`, { timeout: 300_000 }, async (model) => {
    await forEachSeed(async (seed) => {
      const tokens = 5 + (seed % 40)
      const text = await streamText(model, `[[sim tokens=${tokens} gap=0 ttft=0 seed=${seed}]]`)
      expect(text).toBe(toSimulatedText({ seed, tokens }))
    })
  })

  it.each(providers)('gets a whole answer without streaming: %s', async (model) => {
    const content = '[[sim tokens=30 gap=0 seed=5]]'
    const completion = await openai.chat.completions.create({ model, messages: [{ role: 'user', content }] })
    expect(completion.choices[0]?.message.content).toBe(toSimulatedText({ seed: 5, tokens: 30 }))
    expect(completion.choices[0]?.finish_reason).toBe('stop')
    expect(completion.usage?.completion_tokens).toBeGreaterThan(0)
  })

  it('gets usage in the stream when it asks', async () => {
    const stream = await openai.chat.completions.create({
      model: 'openai',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: '[[sim tokens=7]]' }],
    })
    let tokens = 0
    for await (const chunk of stream) tokens = chunk.usage?.completion_tokens ?? tokens
    expect(tokens).toBeGreaterThan(0)
  })

  it('gets tool calls', async () => {
    const completion = await openai.chat.completions.create({
      model: 'openai',
      messages: [{ role: 'user', content: '[[sim tokens=0 tools=1]]' }],
      tools: [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } }],
    })
    const [call] = completion.choices[0]?.message.tool_calls ?? []
    expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toBeTruthy()
    expect(completion.choices[0]?.finish_reason).toBe('tool_calls')
  })

  it.each([
    ['openai', { n: 2 }, 'n'],
    ['fastgpt', { tools: [{ type: 'function', function: { name: 'f' } }] }, 'tools'],
    ['dify', { messages: [{ role: 'user', content: [imagePart] }] }, 'messages'],
  ])('is told of a parameter that would make the answer wrong: %s', async (model, extra, param) => {
    const body = {
      model,
      messages: [{ role: 'user', content: 'hi' }],
      ...extra,
    } as OpenAI.ChatCompletionCreateParamsNonStreaming
    const error = await openai.chat.completions.create(body).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(OpenAI.BadRequestError)
    expect(error).toMatchObject({ code: 'unsupported_parameter', param })
  })

  it('gets our errors as its own', async () => {
    const stranger = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'lc_wrong', maxRetries: 0 })
    await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError)
    await expect(streamText('none', 'hi')).rejects.toBeInstanceOf(OpenAI.NotFoundError)
    await expect(streamText('refused', '[[sim fault=status=401]]')).rejects.toMatchObject({ status: 502 })
    await expect(streamText('openai', '[[sim tokens=20 gap=1 fault=cut@8]]')).rejects.toThrow('broke off')
  })

  it('comes back to the same answer by Idempotency-Key, and is told when its text is gone', async () => {
    const headers = { 'Idempotency-Key': randomUUID() }
    const body = { model: 'openai', messages: [{ role: 'user' as const, content: '[[sim tokens=40 gap=5 seed=9]]' }] }
    const [one, two] = await Promise.all([
      openai.chat.completions.create(body, { headers }),
      openai.chat.completions.create(body, { headers }),
    ])
    expect(two.id).toBe(one.id)
    expect(two.choices[0]?.message.content).toBe(toSimulatedText({ seed: 9, tokens: 40 }))
    await expect(openai.chat.completions.create(body, { headers })).rejects.toMatchObject({ code: 'result_expired' })
  })

  it('gets a stored answer again', async () => {
    const headers = { 'Idempotency-Key': randomUUID() }
    const body = {
      model: 'openai',
      store: true,
      messages: [{ role: 'user' as const, content: '[[sim tokens=10 seed=8]]' }],
    }
    const one = await openai.chat.completions.create(body, { headers })
    const two = await openai.chat.completions.create(body, { headers })
    expect(two.choices[0]?.message.content).toBe(one.choices[0]?.message.content)
    expect(two.id).toBe(one.id)
  })

  it('gets its own kind of error at an address that is not there, whatever the method', async () => {
    const error = await openai.embeddings.create({ model: 'openai', input: 'x' }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(OpenAI.NotFoundError)
    expect(error).toMatchObject({ code: 'not_found', type: 'invalid_request_error', param: null })
    const get = await client.get('/v1/chat/completions')
    expect(get.status).toBe(405)
    expect(get.headers.get('allow')).toBe('POST')
    expect(await get.json()).toMatchObject({ error: { code: 'method_not_allowed', type: 'invalid_request_error' } })
    const ours = await client.get('/v10/nothing')
    expect(await ours.json()).toMatchObject({
      error: { code: 'not_found', requestId: ours.headers.get('x-request-id') },
    })
  })

  it('lists agents as models', async () => {
    const ids: string[] = []
    for await (const model of openai.models.list()) ids.push(model.id)
    expect(ids).toEqual(expect.arrayContaining([...providers]))
    expect(ids).not.toContain('off')
  })
})

function createTransport(agentId: string) {
  return new DefaultChatTransport<UIMessage>({
    api: `${server.url}/api/chat`,
    headers: { authorization: `Bearer ${server.apiKey}` },
    body: { agentId },
  })
}

function createChat(agentId: string) {
  const id = randomUUID()
  return { id, chat: new Chat<UIMessage>({ id, transport: createTransport(agentId) }) }
}

function toText(message: UIMessage | undefined): string {
  return (message?.parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('')
}

function findAnswer(chat: Chat<UIMessage>): UIMessage | undefined {
  return chat.messages.findLast((message) => message.role === 'assistant')
}

describe('the AI SDK', () => {
  it.each(providers)('sends and gets byte-exact text for every seed: %s', { timeout: 300_000 }, async (agentId) => {
    await forEachSeed(async (seed) => {
      const { chat } = createChat(agentId)
      const tokens = 5 + (seed % 40)
      await chat.sendMessage({ text: `[[sim tokens=${tokens} gap=0 ttft=0 seed=${seed}]]` })
      expect(chat.error).toBeUndefined()
      expect(toText(chat.messages.at(-1))).toBe(toSimulatedText({ seed, tokens }))
    })
  })

  it('aborts without stopping the answer, and resumes it from its beginning', async () => {
    const { id, chat } = createChat('openai')
    const sending = chat.sendMessage({ text: '[[sim tokens=100 gap=10 seed=3]]' })
    await expect.poll(() => toText(findAnswer(chat)).length).toBeGreaterThan(20)
    await chat.stop()
    await sending
    const stream = await createTransport('openai').reconnectToStream({ chatId: id })
    let resumed: UIMessage | undefined
    for await (const message of readUIMessageStream({ stream: stream ?? expect.fail('nothing runs') }))
      resumed = message
    expect(toText(resumed)).toBe(toSimulatedText({ seed: 3, tokens: 100 }))
    expect(await createTransport('openai').reconnectToStream({ chatId: id })).toBeNull()
  })

  it('is told of a stop by the stop endpoint', async () => {
    const { id, chat } = createChat('openai')
    const sending = chat.sendMessage({ text: '[[sim tokens=1000 gap=10 seed=3]]' })
    await expect.poll(() => toText(findAnswer(chat)).length).toBeGreaterThan(20)
    expect((await client.stop(id)).status).toBe(200)
    await sending
    expect(chat.status).toBe('ready')
  })

  it('edits by messageId: a sibling of the edited message, and what follows hangs below it', async () => {
    const { id, chat } = createChat('openai')
    await chat.sendMessage({ text: 'first [[sim tokens=5 seed=1]]' })
    await chat.sendMessage({ text: 'second [[sim tokens=5 seed=2]]' })
    const editedId = chat.messages[2]?.id ?? expect.fail('no second question')
    await chat.sendMessage({ text: 'edited [[sim tokens=6 seed=3]]', messageId: editedId })
    expect(chat.error).toBeUndefined()
    expect(chat.messages).toHaveLength(4)
    expect(toText(chat.messages.at(-1))).toBe(toSimulatedText({ seed: 3, tokens: 6 }))
    await chat.sendMessage({ text: 'third [[sim tokens=7 seed=4]]' })
    expect(toText(chat.messages.at(-1))).toBe(toSimulatedText({ seed: 4, tokens: 7 }))

    const { messages } = await client.messages(id)
    const find = (start: string) => messages.find((message) => toPlainText(message.parts).startsWith(start))
    const second = find('second')
    const edited = find('edited')
    expect(second?.id).toBe(editedId)
    expect(edited?.parentId).toBe(second?.parentId)
    expect(edited?.parentId).toBe(messages.find((message) => message.parentId === find('first')?.id)?.id)
    expect(find('third')?.parentId).toBe(messages.find((message) => message.parentId === edited?.id)?.id)
    expect(messages).toHaveLength(8)
  })

  it('edits the very first message, twice', async () => {
    const { id, chat } = createChat('openai')
    await chat.sendMessage({ text: 'one [[sim tokens=3 seed=1]]' })
    const messageId = chat.messages[0]?.id ?? expect.fail('no question')
    await chat.sendMessage({ text: 'two [[sim tokens=3 seed=2]]', messageId })
    await chat.sendMessage({ text: 'three [[sim tokens=3 seed=3]]', messageId })
    expect(toText(chat.messages.at(-1))).toBe(toSimulatedText({ seed: 3, tokens: 3 }))
    const { messages } = await client.messages(id)
    expect(messages.filter((message) => message.role === 'user').map((message) => message.parentId)).toEqual([
      null,
      null,
      null,
    ])
  })

  it('may repeat an edit, which meets itself; without messageId another text under the same id stays a conflict', async () => {
    const { id, chat } = createChat('openai')
    await chat.sendMessage({ text: 'one [[sim tokens=3 seed=1]]' })
    const messageId = chat.messages[0]?.id ?? expect.fail('no question')
    const body = (text: string) => ({
      id,
      messages: [{ id: messageId, role: 'user', parts: [{ type: 'text', text }] }],
    })
    const edit = { ...body('two [[sim tokens=20 gap=5 seed=2]]'), trigger: 'submit-message', messageId }
    const answers = await Promise.all([1, 2, 3].map(async () => readAnswer(await client.post('/api/chat', edit))))
    expect(new Set(answers.map((answer) => answer.generationId)).size).toBe(1)
    expect((await client.messages(id)).messages).toHaveLength(4)
    const conflict = await client.post('/api/chat', body('three'))
    expect(conflict.status).toBe(409)
    expect(await conflict.json()).toMatchObject({ error: { code: 'message_id_conflict' } })
    const stray = { ...edit, messageId: 'not-there' }
    expect((await client.post('/api/chat', stray)).status).toBe(404)
  })

  it('regenerates, and goes on in the same chat', async () => {
    const { id, chat } = createChat('openai')
    await chat.sendMessage({ text: '[[sim tokens=5 seed=1]]' })
    await chat.regenerate()
    await chat.sendMessage({ text: '[[sim tokens=6 seed=2]]' })
    expect(toText(chat.messages.at(-1))).toBe(toSimulatedText({ seed: 2, tokens: 6 }))
    expect((await client.messages(id)).messages).toHaveLength(5)
  })
})
