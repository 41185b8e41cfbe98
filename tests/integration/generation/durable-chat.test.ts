import { randomUUID } from 'node:crypto'
import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { toSimulatedText } from '@llmchat/simulator/simulated-text'
import { emptyMessage, foldEvents } from '@llmchat/protocol/fold-message'
import { isTerminalEvent } from '@llmchat/protocol/chat-event'
import { toPlainText } from '@llmchat/protocol/message-part'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createChatClient,
  readAnswer,
  readFrames,
  type ChatClient,
  type ClientFrame,
} from '../../support/chat-client.ts'
import { startServer, type TestServer } from '../../support/start-server.ts'
import { providers, toOutboundEnv, toTestAgents } from '../../support/test-agents.ts'

let simulator: Simulator
let server: TestServer
let client: ChatClient

beforeAll(async () => {
  simulator = await openSimulator()
  server = await startServer({
    agents: toTestAgents(simulator),
    env: { ...toOutboundEnv(simulator), GENERATION_TOTAL_MS: '60000' },
  })
  client = createChatClient(server)
})
afterAll(async () => {
  await server.close()
  await simulator.close()
})

async function collect(response: Response, limit = Infinity): Promise<ClientFrame[]> {
  const frames: ClientFrame[] = []
  for await (const frame of readFrames(response)) {
    frames.push(frame)
    if (frames.length >= limit) break
  }
  return frames
}

function toText(frames: readonly ClientFrame[]): string {
  return toPlainText(
    foldEvents(
      emptyMessage,
      frames.map((frame) => frame.event),
    ).parts,
  )
}

describe('an answer from its first byte to the stored message', () => {
  it.each(providers)('is exact, complete and stored: %s', async (agentId) => {
    const sessionId = randomUUID()
    const response = await client.send('[[sim tokens=80 gap=1 ttft=5 seed=11]]', { agentId, sessionId })
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform')
    const frames = await collect(response)
    const expected = toSimulatedText({ seed: 11, tokens: 80 })
    expect(toText(frames)).toBe(expected)
    expect(frames.map((frame) => Number(frame.id?.split(':')[1]))).toEqual(frames.map((_, index) => index + 1))
    expect(frames.filter(({ event }) => isTerminalEvent(event))).toHaveLength(1)
    expect(frames.at(-1)?.event.type).toBe('finish')
    expect(frames.map(({ event }) => event.type)).toContain('data-timing')
    const { messages } = await client.messages(sessionId)
    expect(messages.map((message) => message.role)).toEqual(['user', 'assistant'])
    expect(toPlainText(messages[1]?.parts ?? [])).toBe(expected)
    expect(messages[1]?.delivery).toEqual({ state: 'complete', finishReason: 'stop' })
  })

  it('goes on when its only viewer leaves, and is whole afterwards (I2)', async () => {
    const sessionId = randomUUID()
    const controller = new AbortController()
    const response = await client.send('[[sim tokens=60 gap=5 seed=12]]', { sessionId, signal: controller.signal })
    await collect(response, 5).catch(() => undefined)
    controller.abort()
    const rest = await readAnswer(await client.follow(sessionId)).catch(() => emptyMessage)
    const text = toSimulatedText({ seed: 12, tokens: 60 })
    expect(['', text]).toContain(toPlainText(rest.parts))
    await expect.poll(async () => toPlainText((await client.messages(sessionId)).messages[1]?.parts ?? [])).toBe(text)
  })

  it('is continued exactly from every frame id (I3)', async () => {
    const sessionId = randomUUID()
    const frames = await collect(await client.send('[[sim tokens=40 gap=2 seed=13]]', { sessionId }))
    for (const [index, frame] of frames.entries()) {
      const rest = await collect(await client.follow(sessionId, frame.id ?? ''))
      expect(rest).toEqual(frames.slice(index + 1))
    }
  })

  it('is shown the same to two viewers at once', async () => {
    const sessionId = randomUUID()
    const first = client.send('[[sim tokens=50 gap=5 ttft=100 seed=14]]', { sessionId })
    const [one, two] = await Promise.all([
      first.then((response) => collect(response)),
      first.then(async () => collect(await client.follow(sessionId))),
    ])
    expect(two).toEqual(one)
  })

  it('answers 204 when nothing runs', async () => {
    const sessionId = randomUUID()
    await readAnswer(await client.send('[[sim tokens=2]]', { sessionId }))
    expect((await client.follow(sessionId)).status).toBe(204)
  })
})

describe('accepting', () => {
  it('re-attaches the same message id and never doubles (I7)', async () => {
    const sessionId = randomUUID()
    const messageId = randomUUID()
    const text = '[[sim tokens=30 gap=5 seed=15]]'
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => readAnswer(await client.send(text, { sessionId, messageId }))),
    )
    expect(new Set(answers.map((answer) => answer.generationId)).size).toBe(1)
    expect(new Set(answers.map((answer) => toPlainText(answer.parts)))).toEqual(
      new Set([toSimulatedText({ seed: 15, tokens: 30 })]),
    )
    expect((await client.messages(sessionId)).messages).toHaveLength(2)
  })

  it('refuses the same id with another text, and a second question while one runs', async () => {
    const sessionId = randomUUID()
    const messageId = randomUUID()
    const running = client.send('[[sim tokens=50 gap=10]]', { sessionId, messageId })
    await running
    expect((await client.send('other', { sessionId, messageId })).status).toBe(409)
    const second = await client.send('second', { sessionId })
    expect(second.status).toBe(409)
    expect(((await second.json()) as { error: { code: string } }).error.code).toBe('generation_running')
    await client.stop(sessionId)
    await readAnswer(await running)
  })

  it('makes a sibling on regenerate, and a branch on an edit', async () => {
    const sessionId = randomUUID()
    await readAnswer(await client.send('[[sim tokens=3 seed=1]]', { sessionId }))
    const [question, answer] = (await client.messages(sessionId)).messages
    const again = { id: sessionId, trigger: 'regenerate-message', messageId: answer?.id, messages: [] }
    await readAnswer(await client.post('/api/chat', again))
    const edited = {
      id: sessionId,
      parentId: null,
      messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text: '[[sim tokens=4 seed=2]]' }] }],
    }
    await readAnswer(await client.post('/api/chat', edited))
    const { messages } = await client.messages(sessionId)
    expect(messages).toHaveLength(5)
    expect(messages.filter((message) => message.parentId === question?.id)).toHaveLength(2)
    expect(messages.filter((message) => message.parentId === null)).toHaveLength(2)
  })
})

describe('stopping', () => {
  it.each(providers)('reaches the upstream within a second and keeps the text: %s', async (agentId) => {
    const sessionId = randomUUID()
    const before = simulator.counters().providers[agentId]
    const response = await client.send('[[sim tokens=2000 gap=5 ttft=1 seed=16]]', { agentId, sessionId })
    const reading = collect(response)
    await expect.poll(() => simulator.counters().providers[agentId].inFlight).toBeGreaterThan(0)
    await expect.poll(async () => (await client.messages(sessionId)).messages[1]?.delivery?.state ?? '').toBeTruthy()
    const stopMs = performance.now()
    const stopped = (await (await client.stop(sessionId)).json()) as { state: string }
    expect(stopped.state).toBe('stopped')
    await expect
      .poll(() => {
        const after = simulator.counters().providers[agentId]
        return after.abortedByClient + after.stopped - before.abortedByClient - before.stopped
      })
      .toBeGreaterThan(0)
    expect(performance.now() - stopMs).toBeLessThan(1000)
    const frames = await reading
    expect(frames.at(-1)?.event.type).toBe('abort')
    const { messages } = await client.messages(sessionId)
    expect(messages[1]?.delivery).toEqual({ state: 'stopped' })
    expect(toPlainText(messages[1]?.parts ?? [])).toBe(toText(frames))
    expect(toSimulatedText({ seed: 16, tokens: 2000 }).startsWith(toText(frames))).toBe(true)
  })

  it('works before the first token', async () => {
    const sessionId = randomUUID()
    const response = await client.send('[[sim ttft=60000]]', { sessionId })
    expect(((await (await client.stop(sessionId)).json()) as { state: string }).state).toBe('stopped')
    expect((await readAnswer(response)).delivery).toEqual({ state: 'stopped' })
  })

  it('answers what became of one that had ended, and never touches the next', async () => {
    const sessionId = randomUUID()
    const first = await readAnswer(await client.send('[[sim tokens=2]]', { sessionId }))
    const second = client.send('[[sim tokens=40 gap=5 seed=17]]', { sessionId })
    await second
    const reply = (await (await client.stop(sessionId, first.generationId ?? '')).json()) as { state: string }
    expect(reply.state).toBe('complete')
    expect((await readAnswer(await second)).delivery.state).toBe('complete')
  })
})

describe('a stopped or cut answer', () => {
  it.each([
    ['openai', 18],
    ['prefill', 19],
  ])('can be continued: %s', async (agentId, seed) => {
    const sessionId = randomUUID()
    await readAnswer(
      await client.send(`[[sim tokens=60 gap=1 seed=${seed} fault=cut@20 times=1]]`, { agentId, sessionId }),
    )
    const cut = (await client.messages(sessionId)).messages[1]
    expect(cut?.delivery).toMatchObject({ state: 'interrupted', reason: 'truncated' })
    const shown = toPlainText(cut?.parts ?? [])
    expect(shown).toBe(toSimulatedText({ seed, tokens: 20 }))
    const body = {
      id: sessionId,
      trigger: 'regenerate-message',
      messageId: cut?.id,
      isContinuation: true,
      messages: [],
    }
    const answer = await readAnswer(await client.post('/api/chat', body))
    expect(toPlainText(answer.parts).startsWith(shown)).toBe(true)
    expect(toPlainText(answer.parts).length).toBeGreaterThan(shown.length)
  })
})
