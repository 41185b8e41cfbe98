import { createHash } from 'node:crypto'
import type { ErrorCode } from '@llmchat/protocol/error-code'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../../base/clock.ts'
import type { CreateId } from '../../base/ids.ts'
import type { ProviderTarget } from '../../providers/provider-adapter.ts'
import {
  admitRequest,
  settleRequest,
  toPhase,
  type BreakerOutcome,
  type BreakerPhase,
  type BreakerRules,
} from './breaker-rules.ts'
import type { BreakerStore } from './breaker-store.ts'

/** Leave to send one request. */
export interface BreakerPermit {
  kind: 'go'
  isProbe: boolean
  /** To be called once, as soon as the outcome is known; later calls do nothing. */
  settle(outcome: BreakerOutcome): void
}

export interface BreakerRefusal {
  kind: 'refused'
  retryAfterMs: number
  /** Why the circuit is open. */
  cause: ErrorCode | null
}

export interface CircuitBreaker {
  admit(agent: BrokenAgent): Promise<BreakerPermit | BreakerRefusal>
  /** As far as this instance knows; closed for agents it has not asked. */
  findPhase(agentId: string): BreakerPhase
  /** Of the agents that this instance has asked. */
  listPhases(): { agentId: string; phase: BreakerPhase }[]
  /** Resolves when all that was settled is stored. */
  flushed(): Promise<void>
  close(): Promise<void>
}

interface BrokenAgent {
  id: string
  target: Pick<ProviderTarget, 'provider' | 'baseUrl' | 'apiKey'>
}

/** How long a circuit that was seen closed is trusted without asking the store: others tell when they open it. */
const trustMs = 1_000
const maxAgents = 2_000

interface Seen {
  checkedMs: number
  /** Answered since the last failure that was told; only a failure is worth a write. */
  answered: number
  answeredSinceMs: number
}

/** One circuit per agent and key: a new key, or another endpoint, begins with a closed one. */
export function openCircuitBreaker(
  deps: { clock: Clock; createId: CreateId; store: BreakerStore },
  rules: BreakerRules,
): CircuitBreaker {
  const { clock, store } = deps
  const seenByKey = new LRUCache<string, Seen>({ max: maxAgents })
  const keyByAgent = new LRUCache<string, string>({ max: maxAgents })
  const writes = new Set<Promise<unknown>>()

  function getSeen(key: string): Seen {
    const seen = seenByKey.get(key) ?? { checkedMs: -Infinity, answered: 0, answeredSinceMs: 0 }
    seenByKey.set(key, seen)
    return seen
  }

  function noteAnswered(key: string): void {
    const seen = getSeen(key)
    const nowMs = clock.monotonicMs()
    if (nowMs - seen.answeredSinceMs > rules.windowMs) {
      seen.answered = 0
      seen.answeredSinceMs = nowMs
    }
    seen.answered += 1
  }

  function takeAnswered(key: string): number {
    const seen = getSeen(key)
    const { answered } = seen
    seen.answered = 0
    return clock.monotonicMs() - seen.answeredSinceMs > rules.windowMs ? 0 : answered
  }

  function settle(key: string, probeId: string | null, outcome: BreakerOutcome): void {
    if (probeId === null && outcome.kind === 'unknown') return
    if (probeId === null && outcome.kind === 'answered') {
      noteAnswered(key)
      return
    }
    const settled = { outcome, probeId, answeredBefore: takeAnswered(key) }
    const write = store.update(key, (state, nowMs) => ({
      state: settleRequest(rules, state, nowMs, settled),
      result: undefined,
    }))
    writes.add(write)
    void write.finally(() => writes.delete(write))
  }

  function toPermit(key: string, probeId: string | null): BreakerPermit {
    let isSettled = false
    return {
      kind: 'go',
      isProbe: probeId !== null,
      settle(outcome) {
        if (isSettled) return
        isSettled = true
        settle(key, probeId, outcome)
      },
    }
  }

  function findPhase(agentId: string): BreakerPhase {
    const key = keyByAgent.peek(agentId)
    return key === undefined ? 'closed' : toPhase(store.peek(key), clock.nowMs())
  }

  return {
    async admit(agent) {
      const key = toBreakerKey(agent)
      keyByAgent.set(agent.id, key)
      const seen = getSeen(key)
      const isTrusted = clock.monotonicMs() - seen.checkedMs < trustMs && store.peek(key).trips === 0
      if (isTrusted) return toPermit(key, null)
      const probeId = deps.createId()
      const admission = await store.update(key, (state, nowMs) => admitRequest(rules, state, nowMs, probeId))
      seen.checkedMs = clock.monotonicMs()
      return admission.kind === 'refused' ? admission : toPermit(key, admission.probeId)
    },
    findPhase,
    listPhases: () => [...keyByAgent.keys()].map((agentId) => ({ agentId, phase: findPhase(agentId) })),
    async flushed() {
      await Promise.all(writes)
    },
    close: () => store.close(),
  }
}

/** Names the endpoint and the key without telling them: it stands in Redis. */
export function toBreakerKey({ id, target }: BrokenAgent): string {
  const secret = JSON.stringify([target.provider, target.baseUrl, target.apiKey])
  return `${id}:${createHash('sha256').update(secret).digest('hex').slice(0, 32)}`
}
