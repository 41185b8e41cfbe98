import type { Clock } from '../../base/clock.ts'

/** A place among an agent's answers. `release` gives it back; calling it again does nothing. */
export interface Slot {
  kind: 'slot'
  release(): void
}

export type Entry = Slot | { kind: 'full' } | { kind: 'ended' }

export interface Bulkhead {
  /**
   * Waits for a place, first come, first served. `full`: too many wait already. `ended`: `signal` fired while waiting.
   * `onPosition` is told where one stands (1 is next), at once and then as it moves, but not at every step.
   */
  enter(agent: LimitedAgent, signal: AbortSignal, onPosition: (position: number) => void): Promise<Entry>
  /** A place only if one is free now. */
  tryEnter(agent: LimitedAgent): Slot | null
  /** Takes a place also where none is free: what others already watch must not wait. */
  forceEnter(agent: LimitedAgent): Slot
  /** True when `enter` would answer `full`. */
  isFull(agent: LimitedAgent): boolean
  counts(): { agentId: string; active: number; waiting: number }[]
}

interface LimitedAgent {
  id: string
  /** Null: everybody may enter. */
  maxConcurrent: number | null
}

interface Waiter {
  admit: (slot: Slot) => void
  onPosition: (position: number) => void
  toldPosition: number
}

interface Lane {
  active: number
  limit: number
  waiters: Set<Waiter>
  isTelling: boolean
}

/** How often those who wait may hear that they moved up. */
const tellEveryMs = 1_000
/** Up to here each step counts; further back only one of a tenth. */
const nearPositions = 10

/** How many answers of one agent run at once in this instance; the rest stands in a bounded line. */
export function openBulkhead(deps: { clock: Clock }, options: { maxWaiting: number }): Bulkhead {
  const lanes = new Map<string, Lane>()

  function getLane(agent: LimitedAgent): Lane {
    const lane = lanes.get(agent.id) ?? { active: 0, limit: 0, waiters: new Set(), isTelling: false }
    // The limit may have been changed since.
    lane.limit = agent.maxConcurrent ?? Infinity
    lanes.set(agent.id, lane)
    return lane
  }

  function take(agentId: string, lane: Lane): Slot {
    lane.active += 1
    let isHeld = true
    return {
      kind: 'slot',
      release() {
        if (!isHeld) return
        isHeld = false
        lane.active -= 1
        admitWaiting(agentId, lane)
        if (lane.active === 0 && lane.waiters.size === 0) lanes.delete(agentId)
      },
    }
  }

  function admitWaiting(agentId: string, lane: Lane): void {
    for (const waiter of lane.waiters) {
      if (lane.active >= lane.limit) break
      lane.waiters.delete(waiter)
      waiter.admit(take(agentId, lane))
    }
    tellLater(lane)
  }

  function tellLater(lane: Lane): void {
    if (lane.isTelling || lane.waiters.size === 0) return
    lane.isTelling = true
    deps.clock.setTimer(tellEveryMs, () => {
      lane.isTelling = false
      tell(lane)
    })
  }

  function tell(lane: Lane): void {
    let position = 0
    for (const waiter of lane.waiters) {
      position += 1
      if (!isWorthTelling(waiter.toldPosition, position)) continue
      waiter.toldPosition = position
      waiter.onPosition(position)
    }
  }

  return {
    async enter(agent, signal, onPosition) {
      if (signal.aborted) return { kind: 'ended' }
      const lane = getLane(agent)
      if (lane.active < lane.limit && lane.waiters.size === 0) return take(agent.id, lane)
      if (lane.waiters.size >= options.maxWaiting) return { kind: 'full' }
      return new Promise((resolve) => {
        const waiter: Waiter = {
          onPosition,
          toldPosition: lane.waiters.size + 1,
          admit(slot) {
            signal.removeEventListener('abort', leave)
            resolve(slot)
          },
        }
        function leave(): void {
          lane.waiters.delete(waiter)
          tellLater(lane)
          resolve({ kind: 'ended' })
        }
        signal.addEventListener('abort', leave, { once: true })
        lane.waiters.add(waiter)
        onPosition(waiter.toldPosition)
        // A limit that was raised lets in more than the places that become free.
        admitWaiting(agent.id, lane)
      })
    },
    tryEnter(agent) {
      const lane = getLane(agent)
      return lane.active < lane.limit && lane.waiters.size === 0 ? take(agent.id, lane) : null
    },
    forceEnter: (agent) => take(agent.id, getLane(agent)),
    isFull(agent) {
      const lane = lanes.get(agent.id)
      if (!lane || agent.maxConcurrent === null) return false
      return lane.active >= agent.maxConcurrent && lane.waiters.size >= options.maxWaiting
    },
    counts: () => [...lanes].map(([agentId, lane]) => ({ agentId, active: lane.active, waiting: lane.waiters.size })),
  }
}

export function isWorthTelling(told: number, position: number): boolean {
  if (position <= nearPositions) return position !== told
  return Math.abs(told - position) * 10 >= told
}
