import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { toSimulatedText } from '@llmchat/simulator/simulated-text'
import { foldEvents, emptyMessage, type FoldedMessage } from '@llmchat/protocol/fold-message'
import { toPlainText } from '@llmchat/protocol/message-part'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createChatClient,
  readAnswer,
  readFrames,
  type ChatClient,
  type ClientFrame,
} from '../../support/chat-client.ts'
import { startServer, type TestServer } from '../../support/start-server.ts'
import { openStalledViewer } from '../../support/open-stalled-viewer.ts'
import { toOutboundEnv, toTestAgents } from '../../support/test-agents.ts'

const logTtlMs = 300
// More than the sockets between server and viewer hold, in few pieces.
const longPieces = Array.from({ length: 160 }, (_, index) => `#${index} ${'x'.repeat(65_000)}`)

let simulator: Simulator
let longUpstream: Server
let server: TestServer
let client: ChatClient

beforeAll(async () => {
  simulator = await openSimulator()
  longUpstream = await openLongUpstream()
  const { port } = longUpstream.address() as AddressInfo
  const baseUrl = `http://127.0.0.1:${port}/v1`
  const outbound = toOutboundEnv(simulator)
  server = await startServer({
    agents: [
      ...toTestAgents(simulator),
      { id: 'long', name: 'Long', provider: 'openai', baseUrl, apiKey: 'x', model: 'm' },
    ],
    env: {
      OUTBOUND_ALLOWED_HOSTS: `${outbound['OUTBOUND_ALLOWED_HOSTS'] ?? ''},127.0.0.1:${port}`,
      GENERATION_LOG_TTL_MS: String(logTtlMs),
    },
  })
  client = createChatClient(server)
})
afterAll(async () => {
  await server.close()
  await simulator.close()
  longUpstream.close()
})
beforeEach(() => simulator.reset())

/** An upstream that answers with `longPieces` as fast as it can. */
async function openLongUpstream(): Promise<Server> {
  const opened = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const frames = longPieces.map((content) => JSON.stringify({ choices: [{ index: 0, delta: { content } }] }))
    frames.push(JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }), '[DONE]')
    response.end(frames.map((frame) => `data: ${frame}\n\n`).join(''))
  }).listen(0, '127.0.0.1')
  await once(opened, 'listening')
  return opened
}

async function collect(response: Response): Promise<ClientFrame[]> {
  const frames: ClientFrame[] = []
  for await (const frame of readFrames(response)) frames.push(frame)
  return frames
}

function fold(frames: readonly ClientFrame[], start: FoldedMessage = emptyMessage): FoldedMessage {
  return foldEvents(
    start,
    frames.map((frame) => frame.event),
  )
}

async function waitForText(sessionId: string): Promise<void> {
  await expect
    .poll(async () => toPlainText((await client.messages(sessionId)).messages[1]?.parts ?? []), { timeout: 10_000 })
    .not.toBe('')
}

/** What reached the upstream, the newest last. */
function listUpstreamBodies(path: string): Record<string, unknown>[] {
  return simulator
    .requests()
    .filter((request) => request.method === 'POST' && request.url.endsWith(path))
    .map((request) => request.body)
}

describe('an upstream that takes back what it said', () => {
  const plan = '[[sim tokens=12 gap=1 ttft=1 seed=51 fault=duplicate-start@5 times=1]]'
  const whole = toSimulatedText({ seed: 51, tokens: 12 })

  it('leaves the earlier text to be seen, but neither in the copy nor in what the agent is told next', async () => {
    const sessionId = randomUUID()
    const answer = await readAnswer(await client.send(plan, { agentId: 'anthropic', sessionId }))
    const texts = answer.parts.filter((part) => part.type === 'text')
    expect(texts.map((part) => part.isSuperseded === true)).toEqual([true, false])
    expect(texts[0]?.text).toBe(toSimulatedText({ seed: 51, tokens: 5 }))
    expect(toPlainText(answer.parts)).toBe(whole)

    const stored = (await client.messages(sessionId)).messages[1]
    expect(stored?.parts).toEqual(answer.parts)
    const exported = await (await client.get(`/api/chat/sessions/${sessionId}/export?format=md`)).text()
    expect(exported.split(whole.slice(0, 12))).toHaveLength(2)

    await readAnswer(await client.send('[[sim tokens=2 gap=1]]', { agentId: 'anthropic', sessionId }))
    expect(listUpstreamBodies('/messages').at(-1)?.['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: whole },
      { role: 'user' },
    ])
  })
})

describe.each([
  ['fastgpt', '/chat/completions', 'chatId'],
  ['dify', '/chat-messages', 'conversation_id'],
])('%s, whose history lies upstream', (agentId, path, conversationField) => {
  const ask = async (sessionId: string, text: string, extra: object = {}) => {
    const messages = [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] }]
    return readAnswer(await client.post('/api/chat', { id: sessionId, agentId, messages, ...extra }))
  }
  const toSent = (body: Record<string, unknown> | undefined): string =>
    JSON.stringify(body?.['messages'] ?? body?.['query'])

  it('gets a conversation of its own for an edit, with the history, and the old one goes on unchanged', async () => {
    const sessionId = randomUUID()
    const first = 'first question [[sim tokens=4 gap=1 ttft=1 seed=52]]'
    await ask(sessionId, first)
    const [, firstAnswer] = (await client.messages(sessionId)).messages
    await ask(sessionId, 'second question [[sim tokens=4 gap=1 ttft=1 seed=53]]')
    const edited = 'second question, edited [[sim tokens=4 gap=1 ttft=1 seed=54]]'
    expect(toPlainText((await ask(sessionId, edited, { parentId: firstAnswer?.id })).parts)).toBe(
      toSimulatedText({ seed: 54, tokens: 4 }),
    )
    const [, second, fork] = listUpstreamBodies(path)
    expect(toSent(fork)).toContain('first question')
    expect(toSent(fork)).toContain(toSimulatedText({ seed: 52, tokens: 4 }).trim().slice(0, 8))
    expect(toSent(fork)).toContain('second question, edited')
    expect(toSent(fork)).not.toContain(toSimulatedText({ seed: 53, tokens: 4 }).trim())
    expect(fork?.[conversationField]).not.toBe(second?.[conversationField])

    // What follows goes on in the fork: it is known there, so the question alone is sent.
    await ask(sessionId, 'third question [[sim tokens=2 gap=1 ttft=1]]')
    const third = listUpstreamBodies(path).at(-1)
    expect(toSent(third)).not.toContain('first question')
    const forkId = agentId === 'fastgpt' ? fork?.[conversationField] : third?.[conversationField]
    expect(third?.[conversationField]).toBe(forkId)
    expect(forkId).not.toBe(second?.[conversationField])
    expect(forkId).not.toBe('')

    // Back on the old branch, whose conversation nobody has touched.
    const branch = (await client.messages(sessionId)).messages
    const oldQuestion = branch.find((message) => toPlainText(message.parts).startsWith('second question ['))
    const oldAnswer = branch.find((message) => message.parentId === oldQuestion?.id)
    await ask(sessionId, 'back again [[sim tokens=2 gap=1 ttft=1]]', { parentId: oldAnswer?.id })
    const back = listUpstreamBodies(path).at(-1)
    expect(back?.[conversationField]).toBe(second?.[conversationField])
    expect(toSent(back)).not.toContain('first question')
  })

  it('is never asked twice in one conversation for an answer made again', async () => {
    const sessionId = randomUUID()
    await ask(sessionId, 'only question [[sim tokens=4 gap=1 ttft=1 seed=55]]')
    const [, answer] = (await client.messages(sessionId)).messages
    const again = { id: sessionId, trigger: 'regenerate-message', messageId: answer?.id, messages: [] }
    await readAnswer(await client.post('/api/chat', again))
    const [one, two] = listUpstreamBodies(path)
    expect(toSent(two)).toContain('only question')
    if (agentId === 'fastgpt') expect(two?.['chatId']).not.toBe(one?.['chatId'])
    else expect(two?.['conversation_id']).toBe('')
  })
})

describe('a viewer whose place is no longer in the log', () => {
  it('gets the stored answer after the log has expired, and no more than it lacks', async () => {
    const sessionId = randomUUID()
    const frames = await collect(await client.send('[[sim tokens=30 gap=2 seed=56]]', { sessionId }))
    const lastId = frames.at(-1)?.id ?? ''
    const early = frames[8]?.id ?? ''
    const follow = async (after: string) => collect(await client.follow(sessionId, after))
    // As long as the log lives, the rest alone comes; a snapshot begins with `start`.
    await expect.poll(async () => (await follow(early))[0]?.event.type, { timeout: 10_000 }).toBe('start')
    const rest = await follow(early)
    const whole = fold(frames)
    expect(toPlainText(fold(rest).parts)).toBe(toPlainText(whole.parts))
    expect(fold(rest, fold(frames.slice(0, 9)))).toEqual(whole)
    expect(rest.at(-1)?.id).toBe(lastId)
    expect(await follow(lastId)).toEqual([])
  })

  it('gets a snapshot and then goes on live after the log was lost in a crash', { timeout: 90_000 }, async () => {
    const sessionId = randomUUID()
    const tokens = 300
    const plan = `[[sim tokens=${tokens} gap=20 ttft=1 seed=57]]`
    const response = await client.send(plan, { agentId: 'openai-responses', sessionId })
    const seen: ClientFrame[] = []
    const reading = (async () => {
      for await (const frame of readFrames(response)) seen.push(frame)
    })().catch(() => undefined)
    await expect.poll(() => toPlainText(fold(seen).parts).length, { timeout: 10_000 }).toBeGreaterThan(200)
    await server.kill('SIGKILL')
    await reading
    await server.start()
    const lastId = seen.findLast((frame) => frame.id !== null)?.id ?? ''
    const rest = await collect(await client.follow(sessionId, lastId))
    expect(rest[0]?.event.type).toBe('start')
    const message = fold(rest, fold(seen))
    expect(message.delivery.state).toBe('complete')
    expect(toPlainText(message.parts)).toBe(toSimulatedText({ seed: 57, tokens }))
    expect(toPlainText((await client.messages(sessionId)).messages[1]?.parts ?? [])).toBe(toPlainText(message.parts))
  })
})

describe('a viewer that does not read', () => {
  it('is dropped, hinders nobody, and goes on from its last frame', { timeout: 90_000 }, async () => {
    const sessionId = randomUUID()
    const messages = [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text: 'tell me much' }] }]
    const viewer = await openStalledViewer(server, { id: sessionId, agentId: 'long', messages })
    await expect
      .poll(async () => (await client.messages(sessionId)).messages[1]?.delivery?.state, { timeout: 60_000 })
      .toBe('complete')
    const { frames, isWhole } = await viewer.readWhatArrived()
    expect(isWhole).toBe(false)
    expect(frames.length).toBeGreaterThan(0)
    const rest = await collect(await client.follow(sessionId, frames.at(-1)?.id ?? ''))
    expect(toPlainText(fold(rest, fold(frames)).parts)).toBe(longPieces.join(''))
  })
})

describe('a chat that is deleted while it is being answered', () => {
  it.each(['openai', 'fastgpt', 'dify'] as const)('stops the answer at its upstream: %s', async (agentId) => {
    const sessionId = randomUUID()
    const response = await client.send('[[sim tokens=3000 gap=5 ttft=1]]', { agentId, sessionId })
    const reading = collect(response)
    await expect.poll(() => simulator.counters().providers[agentId].inFlight).toBe(1)
    await waitForText(sessionId)
    const deleted = await fetch(`${server.url}/api/chat/sessions/${sessionId}`, {
      method: 'DELETE',
      headers: client.headers,
    })
    expect(deleted.status).toBe(204)
    await expect.poll(() => simulator.counters().providers[agentId].inFlight, { timeout: 2_000 }).toBe(0)
    expect(simulator.counters().providers[agentId].finished).toBe(0)
    expect((await reading).at(-1)?.event.type).toBe('abort')
    expect((await client.get(`/api/chat/sessions/${sessionId}/messages`)).status).toBe(404)
    expect((await client.follow(sessionId)).status).toBe(404)
  })
})

describe('a /v1 call whose client is gone', () => {
  const content = '[[sim tokens=100000 gap=20 ttft=1]]'
  const inFlight = () => simulator.counters().providers.openai.inFlight
  const call = (signal: AbortSignal | null, extra: object, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { ...client.headers, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'openai', stream: true, messages: [{ role: 'user', content }], ...extra }),
      signal,
    })

  it('stops after ten seconds unless there is a way back to it', { timeout: 40_000 }, async () => {
    const controller = new AbortController()
    const key = { 'idempotency-key': randomUUID() }
    await Promise.all([
      call(controller.signal, {}),
      call(controller.signal, { store: true }),
      call(controller.signal, {}, key),
    ])
    expect(inFlight()).toBe(3)
    const goneMs = performance.now()
    controller.abort()
    await expect.poll(inFlight, { timeout: 15_000, interval: 20 }).toBe(2)
    expect(performance.now() - goneMs).toBeGreaterThan(9_500)
    expect(performance.now() - goneMs).toBeLessThan(12_000)
    // All three lost their client in the same moment: by the time one of the others is met again, it would be over.
    const back = await call(null, {}, key)
    const reader = back.body?.getReader() ?? expect.fail('no body')
    for (let count = 0; count < 20; count++) expect((await reader.read()).done).toBe(false)
    expect(inFlight()).toBe(2)
    await reader.cancel()
  })
})

describe('an agent that is gone when its answer is taken over', () => {
  it('ends the answer as interrupted, with its text', { timeout: 90_000 }, async () => {
    await server.kill('SIGTERM')
    await server.start({ DEMO_AGENTS: '1', GENERATION_CHECKPOINT_MS: '200' })
    const sessionId = randomUUID()
    const plan = '[[sim tokens=2000 gap=20 ttft=1 seed=59 corpus=words]]'
    const response = await client.send(plan, { agentId: 'demo-openai', sessionId })
    await waitForText(sessionId)
    await server.kill('SIGKILL')
    await response.body?.cancel().catch(() => undefined)
    // Without the demo the agents of the demo are deleted before anything is taken over.
    await server.start()
    const answer = (await client.messages(sessionId)).messages[1]
    expect(answer?.delivery).toEqual({ state: 'interrupted', reason: 'owner-lost' })
    const text = toPlainText(answer?.parts ?? [])
    expect(text).not.toBe('')
    expect(toSimulatedText({ seed: 59, tokens: 2000 }).startsWith(text)).toBe(true)
  })
})

describe('another SECRET_KEY than the one the agents’ keys were sealed with', () => {
  it(
    'starts all the same, ends what ran as interrupted, and names the reason to who asks',
    { timeout: 90_000 },
    async () => {
      const sessionId = randomUUID()
      const response = await client.send('[[sim tokens=2000 gap=20 ttft=1 seed=60]]', { sessionId })
      await waitForText(sessionId)
      await server.kill('SIGKILL')
      await response.body?.cancel().catch(() => undefined)
      await server.start({ SECRET_KEY: 'another secret, and long enough to be one' })
      expect((await client.messages(sessionId)).messages[1]?.delivery).toEqual({
        state: 'interrupted',
        reason: 'owner-lost',
      })
      const refused = await client.send('hello', { sessionId: randomUUID() })
      expect(refused.status).toBe(502)
      expect(await refused.json()).toMatchObject({ error: { code: 'agent_key_unreadable' } })
    },
  )
})
