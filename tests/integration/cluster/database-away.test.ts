import { afterAll, beforeAll, expect, it } from 'vitest'
import { createChatClient } from '../../support/chat-client.ts'
import { openCluster, type Cluster } from '../../support/cluster/open-cluster.ts'
import { openSimulatorProcess, type SimulatorProcess } from '../../support/cluster/simulator-process.ts'
import { toOutboundEnv, toTestAgents } from '../../support/test-agents.ts'

let simulator: SimulatorProcess
let cluster: Cluster

beforeAll(async () => {
  simulator = await openSimulatorProcess()
  cluster = await openCluster({
    instances: 2,
    env: { ...toOutboundEnv(simulator), RATE_LIMIT_PER_MINUTE: '0', GENERATION_OVERLOAD_DELAY_MS: '20000' },
    agents: toTestAgents(simulator),
  })
})
afterAll(async () => {
  cluster.postgres.resume()
  await cluster.close()
  await simulator.close()
})

it('lets viewers come back to a running answer, on any instance, while the database says nothing', async () => {
  const clients = cluster.instances.map(({ url }) => createChatClient({ url, apiKey: cluster.apiKey }))
  const [first, second] = clients
  if (!first || !second) throw new Error('two instances are needed')
  const sessionId = 'while-the-database-is-away'
  const sent = await first.send('[[sim tokens=400 gap=100 seed=7]]', { agentId: 'openai', sessionId })
  const frameId = await readFrameId(sent)
  // Both know who asks, from requests of their own.
  expect((await second.follow(sessionId, frameId)).status).toBe(200)
  cluster.postgres.pause()
  for (const client of clients) {
    const startMs = performance.now()
    const again = await client.follow(sessionId, frameId)
    expect(again.status).toBe(200)
    const nextId = await readFrameId(again)
    expect(Number(nextId.split(':')[1])).toBeGreaterThan(Number(frameId.split(':')[1]))
    // What asks the database first waits for its time limit, 7 s.
    expect(performance.now() - startMs).toBeLessThan(4_000)
  }
})

/** Of the first frame that has one; leaves the stream. */
async function readFrameId(response: Response): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true })
    const found = /^id: (\S+)\n/m.exec(text)?.[1]
    if (found !== undefined) return found
  }
  throw new Error(`the stream ended without a frame: ${response.status} ${text.slice(0, 300)}`)
}
