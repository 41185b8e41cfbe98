import { setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { createChatRecord, watchChat } from './watch-chat.ts'
import { createV1Record, watchV1 } from './watch-v1.ts'
import type { WatchPlan, WatchRecord } from './watch-record.ts'

export interface Fleet {
  records: readonly WatchRecord[]
  /** Resolves when all have ended, or gives up after the limit and leaves the rest as they are. */
  settle(limitMs: number): Promise<void>
}

/** Sends every plan its own client through one address. */
export function launchFleet(url: string, plans: readonly WatchPlan[]): Fleet {
  const abort = new AbortController()
  setMaxListeners(0, abort.signal)
  const clients = plans.map((plan) => {
    const isChat = plan.kind === 'chat'
    const record = isChat ? createChatRecord(plan) : createV1Record(plan)
    const run = async () => {
      await delay(plan.startAtMs)
      await (isChat ? watchChat : watchV1)(url, record, abort.signal)
    }
    return { record, done: run() }
  })
  return {
    records: clients.map(({ record }) => record),
    async settle(limitMs) {
      const all = Promise.allSettled(clients.map(({ done }) => done))
      await Promise.race([all, delay(limitMs, undefined, { ref: false })])
      abort.abort()
      await all
    },
  }
}

export interface FleetShape {
  streams: number
  tokens: number
  gapMs: number
  rampMs: number
  /** Short questions that keep coming meanwhile, one each `everyMs`. */
  trickle: { everyMs: number; forMs: number }
  apiKeys: readonly string[]
  agents: readonly WatchPlan['agent'][]
  seedBase: number
  /** Of those upstreams that take their time. */
  lateFirstTokenMs: number
}

const shortTokens = 20

/**
 * Streams of all agents, a tenth of them by OpenAI clients, a twentieth with an upstream that takes its time, so that a fault
 * finds answers of which nothing was shown; and a trickle of short ones.
 */
export function toPlans(shape: FleetShape): WatchPlan[] {
  const streams = Array.from({ length: shape.streams }, (_, index): WatchPlan => {
    const startAtMs = Math.round((index * shape.rampMs) / shape.streams)
    return toPlan(shape, index, {
      kind: index % 10 === 9 ? 'v1' : 'chat',
      startAtMs,
      tokens: shape.tokens,
      gapMs: shape.gapMs,
      ttftMs: index % 20 === 7 ? shape.lateFirstTokenMs : 200,
    })
  })
  const count = Math.floor(shape.trickle.forMs / shape.trickle.everyMs)
  const trickle = Array.from({ length: count }, (_, index) =>
    toPlan(shape, shape.streams + index, {
      kind: 'chat',
      startAtMs: shape.rampMs + index * shape.trickle.everyMs,
      tokens: shortTokens,
      gapMs: 100,
      ttftMs: 200,
    }),
  )
  return [...streams, ...trickle]
}

type Varying = Pick<WatchPlan, 'kind' | 'startAtMs' | 'tokens' | 'gapMs' | 'ttftMs'>

function toPlan(shape: FleetShape, index: number, varying: Varying): WatchPlan {
  const agent = shape.agents[index % shape.agents.length]
  // Turned by one each round: nginx deals connections out in turn, and people are known to every instance, not to one.
  const { length } = shape.apiKeys
  const apiKey = shape.apiKeys[(index + Math.floor(index / length)) % length]
  if (!agent || apiKey === undefined) throw new Error('a fleet needs agents and API keys')
  return { index, agent, apiKey, seed: shape.seedBase + index, ...varying }
}
