import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../backend/src/base/clock.ts'
import { closedState, type BreakerRules } from '../../backend/src/generation/resilience/breaker-rules.ts'
import { createMemoryBreakerStore, type BreakerStore } from '../../backend/src/generation/resilience/breaker-store.ts'
import {
  openCircuitBreaker,
  type CircuitBreaker,
} from '../../backend/src/generation/resilience/open-circuit-breaker.ts'
import { openRedisBreakerStore } from '../../backend/src/generation/resilience/open-redis-breaker-store.ts'
import { openRedisLink } from '../../backend/src/redis/open-redis-link.ts'
import type { RedisLink } from '../../backend/src/redis/redis-link.ts'
import { openRedisServer, type RedisServer } from '../support/redis-server.ts'
import { silentLogger } from '../support/silent-logger.ts'

const deps = { clock: systemClock, logger: silentLogger }
const rules: BreakerRules = { failures: 3, windowMs: 60_000, openMs: 300, maxOpenMs: 300, probeLeaseMs: 60_000 }
const failed = { kind: 'failed', cause: 'upstream_failed', isDecisive: false } as const

let server: RedisServer
const links: RedisLink[] = []
let count = 0

beforeAll(async () => {
  server = await openRedisServer()
})
afterAll(async () => {
  for (const link of links) await link.close()
  await server.close()
})

async function openStore(): Promise<BreakerStore> {
  const redis = openRedisLink({ url: server.url }, deps)
  links.push(redis)
  await expect.poll(() => redis.isUp()).toBe(true)
  return openRedisBreakerStore({ ...deps, redis })
}

function toAgent(id: string) {
  return { id, target: { provider: 'openai', baseUrl: 'https://x/v1', apiKey: 'sk-secret' } } as const
}

async function openInstance(): Promise<CircuitBreaker> {
  return openCircuitBreaker({ ...deps, createId: () => `p${count++}`, store: await openStore() }, rules)
}

async function fail(breaker: CircuitBreaker, agent: ReturnType<typeof toAgent>, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const admission = await breaker.admit(agent)
    if (admission.kind !== 'go') throw new Error('refused')
    admission.settle(failed)
    await breaker.flushed()
  }
}

describe.each([
  ['memory', () => Promise.resolve<BreakerStore>(createMemoryBreakerStore(deps))],
  ['redis', openStore],
])('the %s breaker store', (_name, open) => {
  it('loses no change of many at once', async () => {
    const store = await open()
    await Promise.all(
      Array.from({ length: 100 }, () =>
        store.update('many', (state) => ({ state: { ...state, trips: state.trips + 1 }, result: null })),
      ),
    )
    expect(store.peek('many').trips).toBe(100)
    expect(await store.update('many', (state) => ({ state, result: state.trips }))).toBe(100)
  })

  it('begins closed', async () => {
    expect((await open()).peek('never asked')).toEqual(closedState)
  })
})

describe('instances on one Redis', () => {
  it('lose no change between them', async () => {
    const stores = await Promise.all([openStore(), openStore(), openStore()])
    await Promise.all(
      Array.from({ length: 60 }, (_, i) => stores[i % 3]).flatMap((store) =>
        store
          ? [store.update('shared', (state) => ({ state: { ...state, trips: state.trips + 1 }, result: null }))]
          : [],
      ),
    )
    expect(await stores[0].update('shared', (state) => ({ state, result: state.trips }))).toBe(60)
  })

  it('open a circuit together, and hear of it although they trusted it', async () => {
    const [a, b] = await Promise.all([openInstance(), openInstance()])
    const agent = toAgent('together')
    expect((await b.admit(agent)).kind).toBe('go')
    await fail(a, agent, 3)
    await expect.poll(() => b.findPhase(agent.id)).not.toBe('closed')
  })

  it('send one probe between them all', async () => {
    const instances = await Promise.all([openInstance(), openInstance(), openInstance()])
    const agent = toAgent('probe')
    await fail(instances[0], agent, 3)
    await expect.poll(() => instances[0].findPhase(agent.id)).toBe('half-open')
    const admissions = await Promise.all(instances.flatMap((one) => [one.admit(agent), one.admit(agent)]))
    const permits = admissions.filter((one) => one.kind === 'go')
    expect(permits).toHaveLength(1)
    permits[0]?.settle({ kind: 'answered' })
    await expect.poll(() => instances.map((one) => one.findPhase(agent.id))).toEqual(['closed', 'closed', 'closed'])
  })

  it('keep no key there', async () => {
    const breaker = await openInstance()
    await fail(breaker, toAgent('secret'), 1)
    const redis = links.at(-1)
    const keys = (await redis?.commands.keys(redis.toKey('breaker:secret*'))) ?? []
    expect(keys).toHaveLength(1)
    expect(keys.join() + String(await redis?.commands.get(keys[0] ?? ''))).not.toContain('sk-')
  })

  it('go on alone from what they knew while Redis is away, and without an error', async () => {
    const breaker = await openInstance()
    const agent = toAgent('alone')
    await fail(breaker, agent, 2)
    await server.kill()
    const admission = await breaker.admit(agent)
    if (admission.kind === 'go') admission.settle(failed)
    await breaker.flushed()
    // The third failure was met alone; the first two were known from before.
    expect(breaker.findPhase(agent.id)).not.toBe('closed')
    await server.start()
  })
})
