import { randomUUID } from 'node:crypto'
import { failpointNames } from '../../../backend/src/base/failpoints.ts'
import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { toSimulatedText } from '@llmchat/simulator/simulated-text'
import type { ChatMessage } from '@llmchat/protocol/api/chat-schema'
import { toPlainText } from '@llmchat/protocol/message-part'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChatClient, readFrames, type ChatClient } from '../../support/chat-client.ts'
import { startServer, type TestServer } from '../../support/start-server.ts'
import { toOutboundEnv, toTestAgents } from '../../support/test-agents.ts'

const checkpointMs = 300
const ended = ['complete', 'stopped', 'interrupted', 'failed']

let simulator: Simulator
let server: TestServer
let client: ChatClient

beforeAll(async () => {
  simulator = await openSimulator()
  server = await startServer({
    agents: toTestAgents(simulator),
    env: { ...toOutboundEnv(simulator), GENERATION_CHECKPOINT_MS: String(checkpointMs) },
  })
  client = createChatClient(server)
})
afterAll(async () => {
  await server.close()
  await simulator.close()
})

async function waitForEnd(sessionId: string): Promise<ChatMessage> {
  await expect
    .poll(async () => (await client.messages(sessionId)).messages.at(-1)?.delivery?.state, { timeout: 20_000 })
    .toSatisfy((state) => ended.includes(String(state)))
  const answer = (await client.messages(sessionId)).messages.at(-1)
  return answer ?? expect.fail('no answer')
}

describe.each(failpointNames)('a crash at %s', (failpoint) => {
  // A later pass, so that something is shown when it happens; accept, commit and terminal happen once for an answer.
  const isRepeated = failpoint.startsWith('append') || failpoint.startsWith('checkpoint')
  const armed = isRepeated ? `${failpoint}@2` : failpoint

  it('loses no accepted message and leaves none hanging', async () => {
    await server.kill('SIGTERM')
    await server.start({ FAILPOINT: armed })
    const sessionId = randomUUID()
    const messageId = randomUUID()
    const text = '[[sim tokens=120 gap=10 ttft=20 seed=31]]'
    const response = await client.send(text, { sessionId, messageId }).catch(() => null)
    const isAccepted = response?.ok === true
    let shown = ''
    try {
      if (response)
        for await (const { event } of readFrames(response)) if (event.type === 'text-delta') shown += event.delta
    } catch {
      // The crash cut the stream, as it should.
    }
    expect((await server.exited()).signal).toBe('SIGKILL')
    await server.start()
    if (isAccepted) expect((await client.messages(sessionId)).messages).toHaveLength(2)
    // The browser's outbox sends again what was not acknowledged; the same id never doubles.
    const again = await client.send(text, { sessionId, messageId })
    expect(again.status).toBe(200)
    await again.body?.cancel()
    const answer = await waitForEnd(sessionId)
    expect((await client.messages(sessionId)).messages).toHaveLength(2)
    const whole = toSimulatedText({ seed: 31, tokens: 120 })
    const stored = toPlainText(answer.parts)
    expect(whole.startsWith(stored)).toBe(true)
    expect(whole.startsWith(shown)).toBe(true)
    if (answer.delivery?.state === 'complete') expect(stored).toBe(whole)
    else expect(answer.delivery).toMatchObject({ state: 'interrupted', reason: 'owner-lost' })
  })
})

describe('kill -9 during 60 running answers, more than are adopted at once', () => {
  const tokens = 400
  const gapMs = 10
  const count = 60

  it('keeps every accepted message in a true state, and its text to within one checkpoint', async () => {
    await server.kill('SIGTERM')
    await server.start()
    const chats = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const sessionId = randomUUID()
        const agentId = ['openai', 'anthropic', 'fastgpt', 'dify', 'openai-responses'][index % 5] ?? 'openai'
        const response = await client.send(`[[sim tokens=${tokens} gap=${gapMs} seed=${100 + index}]]`, {
          agentId,
          sessionId,
        })
        expect(response.status).toBe(200)
        return { sessionId, agentId, seed: 100 + index, response }
      }),
    )
    const shown = chats.map(() => '')
    const readers = chats.map(async (chat, index) => {
      try {
        for await (const { event } of readFrames(chat.response))
          if (event.type === 'text-delta') shown[index] = (shown[index] ?? '') + event.delta
      } catch {
        // Cut by the kill.
      }
    })
    await expect.poll(() => shown.every((text) => text.length > 400), { timeout: 20_000 }).toBe(true)
    await server.kill('SIGKILL')
    await Promise.all(readers)
    await server.start()
    const answers = await Promise.all(chats.map((chat) => waitForEnd(chat.sessionId)))
    // One checkpoint's worth of tokens, and as much again for the save itself on a busy machine.
    const slackChars = (2 * checkpointMs * 12) / gapMs + 200
    answers.forEach((answer, index) => {
      const chat = chats[index] ?? expect.fail()
      const stored = toPlainText(answer.parts)
      const whole = toSimulatedText({ seed: chat.seed, tokens })
      expect(whole.startsWith(stored), `${chat.agentId} tells the truth`).toBe(true)
      expect(stored.length, `${chat.agentId} keeps its text`).toBeGreaterThan((shown[index] ?? '').length - slackChars)
      if (answer.delivery?.state === 'complete') expect(stored).toBe(whole)
      else expect(answer.delivery).toMatchObject({ state: 'interrupted', reason: 'owner-lost' })
    })
    const states = answers.map((answer) => answer.delivery?.state)
    expect(states.filter((state) => state === 'complete').length).toBeGreaterThan(0)
  })
})

describe('a shut-down', () => {
  it('ends what still runs as interrupted, exits with 0, and says so after the next start', async () => {
    await server.kill('SIGTERM')
    await server.start({ DRAIN_MS: '200' })
    const sessionId = randomUUID()
    const response = await client.send('[[sim tokens=5000 gap=10 seed=41]]', { sessionId })
    let shown = ''
    const reading = (async () => {
      for await (const { event } of readFrames(response)) if (event.type === 'text-delta') shown += event.delta
    })()
    await expect.poll(() => shown.length).toBeGreaterThan(20)
    await server.kill('SIGTERM')
    await reading
    expect((await server.exited()).code).toBe(0)
    await server.start()
    const answer = (await client.messages(sessionId)).messages.at(-1)
    expect(answer?.delivery).toEqual({ state: 'interrupted', reason: 'shutdown' })
    expect(toPlainText(answer?.parts ?? [])).toBe(shown)
  })
})
