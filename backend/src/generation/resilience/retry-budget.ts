import type { Clock } from '../../base/clock.ts'
import { addToSlices, sumSlices, type WindowSlice } from './window-slices.ts'

export interface RetryBudget {
  /** A first request to an agent: what retries are measured by. */
  noteRequest(agentId: string): void
  /** Takes one retry (or hedge) out of the agent's budget. False: there is none left, and it must not be sent. */
  take(agentId: string): boolean
}

interface BudgetOptions {
  /** Retries per request, 0-1. */
  ratio: number
  /** Retries per window that are always allowed: a seldom asked agent has no requests to measure by. */
  floor: number
  windowMs: number
}

/** Retries of an instance, by agent, within a share of its requests: an outage must not be amplified by ourselves. */
export function createRetryBudget(deps: { clock: Clock }, options: BudgetOptions): RetryBudget {
  const { ratio, floor, windowMs } = options
  const byAgent = new Map<string, WindowSlice[]>()

  function add(agentId: string, counts: { total: number; marked: number }): void {
    byAgent.set(agentId, addToSlices(byAgent.get(agentId) ?? [], counts, deps.clock.monotonicMs(), windowMs))
  }

  return {
    noteRequest: (agentId) => add(agentId, { total: 1, marked: 0 }),
    take(agentId) {
      const sum = sumSlices(byAgent.get(agentId) ?? [], deps.clock.monotonicMs(), windowMs)
      if (sum.marked + 1 > floor + sum.total * ratio) return false
      add(agentId, { total: 0, marked: 1 })
      return true
    },
  }
}
