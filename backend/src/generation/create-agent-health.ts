import type { Agent } from '@llmchat/protocol/api/agent-schema'
import type { Delivery } from '@llmchat/protocol/chat-event'
import type { Clock } from '../base/clock.ts'
import type { BreakerPhase } from './resilience/breaker-rules.ts'
import { isAgentsFault } from './resilience/classify-failure.ts'

type Health = Pick<Agent, 'health' | 'firstContentMs'>
type HealthWithBreaker = Health & { breaker: BreakerPhase }

interface Seen {
  atMs: number
  isUp: boolean
  firstContentMs: number | null
}

/** How agents have been lately, from the answers they gave: nothing is sent to find out. */
export interface AgentHealth {
  record(agentId: string, delivery: Delivery, firstContentMs: number | null): void
  find(agentId: string): HealthWithBreaker
}

const windowMs = 10 * 60_000
const maxSeen = 20
const slowMs = 5_000

interface HealthDeps {
  clock: Clock
  /** Of the agent's circuit: an open one has been decided by all instances together. */
  findPhase: (agentId: string) => BreakerPhase
}

export function createAgentHealth(deps: HealthDeps): AgentHealth {
  const seenByAgent = new Map<string, Seen[]>()
  return {
    record(agentId, delivery, firstContentMs) {
      const isUp = findVerdict(delivery)
      if (isUp === null) return
      const seen = seenByAgent.get(agentId) ?? []
      seen.push({ atMs: deps.clock.monotonicMs(), isUp, firstContentMs })
      if (seen.length > maxSeen) seen.shift()
      seenByAgent.set(agentId, seen)
    },
    find(agentId) {
      const since = deps.clock.monotonicMs() - windowMs
      const seen = toHealth((seenByAgent.get(agentId) ?? []).filter((one) => one.atMs >= since))
      const breaker = deps.findPhase(agentId)
      return { ...seen, health: breaker === 'closed' ? seen.health : 'down', breaker }
    },
  }
}

/** Null: its end says nothing about the agent. */
function findVerdict(delivery: Delivery): boolean | null {
  if (delivery.state === 'complete') return true
  const code = delivery.state === 'interrupted' || delivery.state === 'failed' ? delivery.code : undefined
  return code !== undefined && isAgentsFault(code) ? false : null
}

function toHealth(seen: readonly Seen[]): Health {
  if (seen.length === 0) return { health: 'unknown', firstContentMs: null }
  const times = seen.flatMap((one) => one.firstContentMs ?? []).sort((a, b) => a - b)
  const firstContentMs = times[Math.floor(times.length / 2)] ?? null
  // The last three decide: an agent that has recovered must not look down for ten minutes.
  if (seen.slice(-3).every((one) => !one.isUp)) return { health: 'down', firstContentMs }
  return { health: firstContentMs !== null && firstContentMs > slowMs ? 'slow' : 'ok', firstContentMs }
}
