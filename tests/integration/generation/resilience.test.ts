import { randomUUID } from 'node:crypto'
import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { toSimulatedText } from '@llmchat/simulator/simulated-text'
import { toPlainText } from '@llmchat/protocol/message-part'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChatClient, readAnswer, readFrames, type ChatClient } from '../../support/chat-client.ts'
import { startServer, type TestServer } from '../../support/start-server.ts'

const totalMs = 10_000
const slowPlan = 'tokens=40,ttft=20,gap=20,seed=5'

/** Each agent has an upstream of its own, so that requests can be counted. */
const plans = {
  narrow: slowPlan,
  crowded: 'tokens=500,ttft=20,gap=50,seed=5',
  stopped: 'tokens=500,ttft=20,gap=50,seed=5',
  hedged: 'tokens=20,ttft=900,gap=1,seed=5',
  broken: 'tokens=20,fault=status=500',
  locked: 'tokens=20,fault=status=401',
  late: 'tokens=20,fault=no-response',
  later: 'tokens=20,fault=no-response',
  away: 'tokens=20,fault=status=503',
  background: 'tokens=150,ttft=5,gap=20,seed=9',
  dify: 'tokens=20,ttft=5,gap=1,seed=7,fault=status=429;retry-after-ms=10;times=3',
  standby: 'tokens=20,ttft=5,gap=1,seed=8',
}
type AgentKey = keyof typeof plans

const upstreams = new Map<AgentKey, Simulator>()
let server: TestServer
let client: ChatClient

function upstream(key: AgentKey): Simulator {
  const found = upstreams.get(key)
  if (!found) throw new Error(`no upstream ${key}`)
  return found
}

function toAgents(): object[] {
  const openai = (id: AgentKey, extra: object = {}): object => ({
    id,
    name: `Agent ${id}`,
    provider: 'openai',
    baseUrl: upstream(id).baseUrl('openai'),
    apiKey: 'sk-sim',
    model: 'sim',
    ...extra,
  })
  return [
    openai('narrow', { maxConcurrent: 1 }),
    openai('crowded', { maxConcurrent: 1 }),
    openai('stopped', { maxConcurrent: 1 }),
    openai('hedged', { maxConcurrent: 1, hedgeAfterMs: 100 }),
    openai('broken'),
    openai('locked'),
    openai('late', { fallbackAgentIds: ['later'] }),
    openai('later'),
    openai('away', { fallbackAgentIds: ['background'] }),
    {
      ...openai('background'),
      provider: 'openai-responses',
      baseUrl: upstream('background').baseUrl('openai-responses'),
      options: { isBackground: true },
    },
    {
      id: 'dify',
      name: 'Agent dify',
      provider: 'dify',
      baseUrl: upstream('dify').baseUrl('dify'),
      apiKey: 'app-sim',
      fallbackAgentIds: ['standby'],
    },
    openai('standby'),
  ]
}

beforeAll(async () => {
  for (const [key, defaultPlan] of Object.entries(plans))
    upstreams.set(key as AgentKey, await openSimulator({ defaultPlan }))
  server = await startServer({
    agents: toAgents(),
    env: {
      OUTBOUND_ALLOWED_HOSTS: [...upstreams.values()].map((one) => new URL(one.url).host).join(','),
      GENERATION_TOTAL_MS: String(totalMs),
      GENERATION_FIRST_CONTENT_MS: '2500',
      GENERATION_MAX_WAITING: '2',
      GENERATION_CHECKPOINT_MS: '200',
      GENERATION_BREAKER_FAILURES: '3',
      GENERATION_BREAKER_OPEN_MS: '60000',
    },
  })
  client = createChatClient(server)
}, 240_000)
afterAll(async () => {
  await server.close()
  for (const one of upstreams.values()) await one.close()
})

async function ask(agentId: AgentKey, sessionId: string = randomUUID()) {
  return readAnswer(await client.send('hello', { agentId, sessionId }))
}

async function readMetrics(): Promise<string> {
  return (await client.get('/metrics')).text()
}

describe('an agent with a limit', () => {
  it('answers one after the other, in order, and says where one stands', async () => {
    const firstAsked = await client.send('hello', { agentId: 'narrow' })
    const first = readAnswer(firstAsked)
    const order: number[] = []
    const positions: number[][] = []
    const waiting = [1, 2].map(async (number) => {
      const seen: number[] = []
      positions.push(seen)
      const response = await client.send('hello', { agentId: 'narrow' })
      let text = ''
      for await (const { event } of readFrames(response)) {
        if (event.type === 'data-delivery' && event.data.state === 'accepted' && event.data.queuePosition !== undefined)
          seen.push(event.data.queuePosition)
        if (event.type === 'text-delta') text += event.delta
      }
      order.push(number)
      return text
    })
    const texts = [toPlainText((await first).parts), ...(await Promise.all(waiting))]
    expect(new Set(texts)).toEqual(new Set([toSimulatedText({ seed: 5, tokens: 40 })]))
    expect(positions.map((seen) => seen[0]).sort()).toEqual([1, 2])
    expect(upstream('narrow').counters().total).toMatchObject({ requests: 3, maxInFlight: 1, finished: 3 })
    expect(order).toHaveLength(2)
  })

  it('refuses who would be one too many to wait, before anything is written; /v1 in the words of OpenAI', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()]
    const answers = ids.map(async (id) => readAnswer(await client.send('hello', { agentId: 'crowded', sessionId: id })))
    await expect.poll(readMetrics).toContain('llmchat_agent_answers{agent="crowded",state="waiting"} 2')
    const sessionId = randomUUID()
    const refused = await client.send('hello', { agentId: 'crowded', sessionId })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await refused.json()).toMatchObject({ error: { code: 'too_many_waiting' } })
    expect((await client.get(`/api/chat/sessions/${sessionId}/messages`)).status).toBe(404)
    const v1 = await client.post('/v1/chat/completions', {
      model: 'crowded',
      messages: [{ role: 'user', content: 'hello' }],
    })
    expect([v1.status, v1.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await v1.json()).toMatchObject({ error: { code: 'too_many_waiting', type: 'server_error' } })
    for (const id of ids) await client.stop(id)
    for (const answer of await Promise.all(answers)) expect(answer.delivery.state).toBe('stopped')
  })

  it('can be stopped while waiting: its upstream never hears of it, and every place is free again', async () => {
    const ids = [randomUUID(), randomUUID()]
    const ask = async (sessionId: string) => readAnswer(await client.send('hello', { agentId: 'stopped', sessionId }))
    const running = ask(ids[0] ?? '')
    await expect.poll(() => upstream('stopped').counters().total.inFlight).toBe(1)
    const queued = ask(ids[1] ?? '')
    await expect.poll(readMetrics).toContain('llmchat_agent_answers{agent="stopped",state="waiting"} 1')
    expect((await client.stop(ids[1] ?? '')).status).toBe(200)
    expect((await queued).delivery.state).toBe('stopped')
    expect((await client.stop(ids[0] ?? '')).status).toBe(200)
    expect((await running).delivery.state).toBe('stopped')
    expect(upstream('stopped').counters().total.requests).toBe(1)
    await expect.poll(readMetrics).not.toContain('agent="stopped",state="active"} 1')
  })

  it('sends no second request where there is no place for it', async () => {
    expect((await ask('hedged')).delivery.state).toBe('complete')
    expect(upstream('hedged').counters().total.requests).toBe(1)
  })
})

describe('an upstream that is left alone', () => {
  it('after its failures is not asked, and everybody is told until when', async () => {
    await ask('broken')
    expect(upstream('broken').counters().total.requests).toBe(3)
    const { delivery } = await ask('broken')
    expect(delivery).toMatchObject({ state: 'failed', code: 'upstream_circuit_open' })
    const toldMs = delivery.state === 'failed' ? (delivery.retryAfterMs ?? 0) : 0
    expect(toldMs).toBeGreaterThan(30_000)
    const v1 = await client.post('/v1/chat/completions', {
      model: 'broken',
      stream: true,
      messages: [{ role: 'user', content: 'hello' }],
    })
    expect(v1.status).toBe(503)
    expect(Number(v1.headers.get('retry-after'))).toBeGreaterThan(30)
    expect(await v1.json()).toMatchObject({ error: { code: 'upstream_circuit_open', type: 'server_error' } })
    expect(upstream('broken').counters().total.requests).toBe(3)
    expect(await readMetrics()).toContain('llmchat_agent_circuit{agent="broken",phase="open"} 1')
    const { agents } = (await (await client.get('/api/agents')).json()) as { agents: { id: string; health: string }[] }
    expect(agents.find((agent) => agent.id === 'broken')?.health).toBe('down')
    const detailed: unknown = await (await client.get('/health/detailed')).json()
    expect(JSON.stringify(detailed)).toContain('"breaker":"open"')
  })

  it('is left alone at once when it refuses the key, and says so', async () => {
    for (let i = 0; i < 2; i++)
      expect((await ask('locked')).delivery).toMatchObject({ state: 'failed', code: 'upstream_auth' })
    expect(upstream('locked').counters().total.requests).toBe(1)
  })
})

describe('a fall-back agent', () => {
  it('has only what the first left of the time for the whole answer', async () => {
    const { delivery, timing } = await ask('late')
    expect(delivery).toMatchObject({ state: 'failed', code: 'upstream_deadline' })
    expect(timing?.totalMs).toBeGreaterThanOrEqual(totalMs)
    expect(timing?.totalMs).toBeLessThan(totalMs + 3_000)
    expect(upstream('later').counters().total.requests).toBe(1)
  })

  it('leaves the conversation of the first alone: its history is carried into a new one, which then goes on', async () => {
    const sessionId = randomUUID()
    const one = await ask('dify', sessionId)
    expect(one.answeredBy).toEqual({ agentId: 'standby', agentName: 'Agent standby', insteadOf: 'Agent dify' })
    const two = await ask('dify', sessionId)
    expect(two.answeredBy).toBeNull()
    const three = await ask('dify', sessionId)
    expect([two.delivery.state, three.delivery.state]).toEqual(['complete', 'complete'])
    const asked = upstream('dify')
      .requests()
      .filter((request) => request.url.endsWith('/chat-messages'))
      .slice(-2)
      .map((request) => request.body)
    expect(asked[0]?.['conversation_id'] ?? '').toBe('')
    expect(String(asked[0]?.['query'])).toContain(toSimulatedText({ seed: 8, tokens: 20 }))
    expect(String(asked[1]?.['conversation_id'])).not.toBe('')
    expect(asked[1]?.['query']).toBe('hello')
  })

  it('is who an adopter goes on with after a crash', { timeout: 200_000 }, async () => {
    const sessionId = randomUUID()
    const response = await client.send('hello', { agentId: 'away', sessionId })
    let frameId: string | null = null
    let text = ''
    for await (const frame of readFrames(response)) {
      frameId = frame.id
      if (frame.event.type === 'text-delta') text += frame.event.delta
      // Past a checkpoint: an embedded server has nothing else to go on from.
      if (text.length > 300) break
    }
    await server.kill('SIGKILL')
    await server.start()
    expect((await client.follow(sessionId, frameId ?? undefined)).status).toBe(200)
    const findAnswer = async () => (await client.messages(sessionId)).messages.at(-1)
    await expect.poll(async () => (await findAnswer())?.delivery?.state, { timeout: 60_000 }).toBe('complete')
    const stored = await findAnswer()
    expect(toPlainText(stored?.parts ?? [])).toBe(toSimulatedText({ seed: 9, tokens: 150 }))
    expect(stored).toMatchObject({ agentId: 'background', agentName: 'Agent background', insteadOf: 'Agent away' })
    // Asked once and re-attached to, not asked again.
    expect(upstream('background').counters().total.requests).toBe(1)
  })
})
