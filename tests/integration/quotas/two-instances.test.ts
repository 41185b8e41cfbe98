import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Quota, QuotaList } from '../../../packages/protocol/src/api/quota-schema.ts'
import { createChatClient, readAnswer } from '../../support/chat-client.ts'
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
  await cluster.close()
  await simulator.close()
})

function getClient(index: number) {
  const url = cluster.instances[index]?.url ?? expect.fail('no instance')
  return createChatClient({ url, apiKey: cluster.apiKey })
}

async function addQuota(quota: object): Promise<Quota> {
  const reply = await getClient(0).post('/api/admin/quotas', quota)
  expect(reply.status).toBe(201)
  return (await reply.json()) as Quota
}

async function readUsed(quotaId: string, index: number): Promise<number | undefined> {
  const list = (await (await getClient(index).get('/api/admin/quotas')).json()) as QuotaList
  return list.quotas.find((quota) => quota.id === quotaId)?.used
}

describe('quotas over two instances', () => {
  it('lets exactly as many pass as there is room for, whichever instance they come to', async () => {
    const quota = await addQuota({
      scope: 'agent',
      subjectId: 'openai',
      measure: 'messages',
      period: 'day',
      hardLimit: 20,
    })
    // The other one hears of it within a second.
    const replies = await Promise.all(
      Array.from({ length: 80 }, (_, index) =>
        getClient(index % 2).send('[[sim tokens=3 gap=1 seed=1]]', { agentId: 'openai' }),
      ),
    )
    const passed = replies.filter((reply) => reply.status === 200)
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([200, 429]))
    expect(passed).toHaveLength(20)
    await Promise.all(passed.map(readAnswer))
    expect(await readUsed(quota.id, 1)).toBe(20)
  })

  it.each(['commit:before', 'commit:after'])(
    'settles once when the owner dies at %s and another goes on',
    async (failpoint) => {
      const [, second] = cluster.instances
      await second?.kill('SIGTERM')
      await second?.start({ FAILPOINT: failpoint })
      const subject = { scope: 'agent', subjectId: 'anthropic' }
      const messages = await addQuota({ ...subject, measure: 'messages', period: 'month', hardLimit: 1_000 })
      const tokens = await addQuota({ ...subject, measure: 'tokens', period: 'day', hardLimit: 1_000_000 })
      const running = await addQuota({ ...subject, measure: 'running', period: 'now', hardLimit: 10 })
      const sessionId = randomUUID()
      const sent = await getClient(1).send('[[sim tokens=60 gap=5 seed=3]]', { agentId: 'anthropic', sessionId })
      expect(sent.status).toBe(200)
      expect((await second?.exited())?.signal).toBe('SIGKILL')
      const findEnd = async () => (await getClient(0).messages(sessionId)).messages.at(-1)
      const isEnded = async () => ['complete', 'interrupted'].includes(String((await findEnd())?.delivery?.state))
      await expect.poll(isEnded, { timeout: 20_000 }).toBe(true)
      const { usage } = (await findEnd()) ?? expect.fail('no answer')
      expect(await readUsed(messages.id, 0)).toBe(1)
      expect(await readUsed(running.id, 0)).toBe(0)
      expect(await readUsed(tokens.id, 0)).toBe((usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0))
      for (const { id } of [messages, tokens, running])
        await fetch(`${cluster.instances[0]?.url ?? ''}/api/admin/quotas/${id}`, {
          method: 'DELETE',
          headers: getClient(0).headers,
        })
      await second?.start()
    },
  )
})
