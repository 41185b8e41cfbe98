import type { Agent } from '@llmchat/protocol/api/agent-schema'
import type { Delivery } from '@llmchat/protocol/chat-event'
import type { Clock } from '../base/clock.ts'

type Health = Pick<Agent, 'health' | 'firstContentMs'>

interface Seen {
  atMs: number
  isUp: boolean
  firstContentMs: number | null
}

/** How agents have been lately, from the answers they gave: nothing is sent to find out. */
export interface AgentHealth {
  record(agentId: string, delivery: Delivery, firstContentMs: number | null): void
  find(agentId: string): Health
}

const windowMs = 10 * 60_000
const maxSeen = 20
const slowMs = 5_000

export function createAgentHealth(deps: { clock: Clock }): AgentHealth {
  const seenByAgent = new Map<string, Seen[]>()
  return {
    record(agentId, delivery, firstContentMs) {
      if (delivery.state === 'stopped') return
      const seen = seenByAgent.get(agentId) ?? []
      seen.push({ atMs: deps.clock.monotonicMs(), isUp: delivery.state === 'complete', firstContentMs })
      if (seen.length > maxSeen) seen.shift()
      seenByAgent.set(agentId, seen)
    },
    find(agentId) {
      const since = deps.clock.monotonicMs() - windowMs
      return toHealth((seenByAgent.get(agentId) ?? []).filter((one) => one.atMs >= since))
    },
  }
}

function toHealth(seen: readonly Seen[]): Health {
  if (seen.length === 0) return { health: 'unknown', firstContentMs: null }
  const times = seen.flatMap((one) => one.firstContentMs ?? []).sort((a, b) => a - b)
  const firstContentMs = times[Math.floor(times.length / 2)] ?? null
  // The last three decide: an agent that has recovered must not look down for ten minutes.
  if (seen.slice(-3).every((one) => !one.isUp)) return { health: 'down', firstContentMs }
  return { health: firstContentMs !== null && firstContentMs > slowMs ? 'slow' : 'ok', firstContentMs }
}
