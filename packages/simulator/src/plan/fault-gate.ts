import type { FaultName, PlannedFault } from './planned-fault.ts'

/** The faults that strike one request. */
export interface ActiveFaults {
  has(name: FaultName): boolean
  find(name: FaultName): PlannedFault | null
  /** The token position where the fault strikes; infinite when it does not. */
  at(name: FaultName): number
}

export interface FaultGate {
  /** Decides which planned faults strike now; counts the request for `once` and `times`. */
  admit(faults: readonly PlannedFault[], seed: number): ActiveFaults
  reset(): void
}

const NO_FAULTS: ActiveFaults = {
  has: () => false,
  find: () => null,
  at: () => Number.POSITIVE_INFINITY,
}

function toActiveFaults(faults: readonly PlannedFault[]): ActiveFaults {
  if (faults.length === 0) return NO_FAULTS
  const find = (name: FaultName): PlannedFault | null => faults.find((fault) => fault.name === name) ?? null
  return {
    find,
    has: (name) => find(name) !== null,
    at: (name) => find(name)?.at ?? Number.POSITIVE_INFINITY,
  }
}

/** Keeps the count of strikes by fault and seed, and the clock of the flap windows. */
export function createFaultGate(deps: { nowMs: () => number; maxCounted: number }): FaultGate {
  const strikes = new Map<string, number>()
  let startedAtMs = deps.nowMs()

  function strikesNow(fault: PlannedFault, seed: number): boolean {
    if (fault.flap !== null) {
      const windowMs = fault.flap.onMs + fault.flap.offMs
      if (windowMs > 0 && (deps.nowMs() - startedAtMs) % windowMs >= fault.flap.onMs) return false
    }
    if (fault.times === null) return true
    const key = `${fault.key}#${String(seed)}`
    const used = strikes.get(key) ?? 0
    if (used >= fault.times) return false
    if (strikes.size >= deps.maxCounted) strikes.clear()
    strikes.set(key, used + 1)
    return true
  }

  return {
    admit: (faults, seed) => toActiveFaults(faults.filter((fault) => strikesNow(fault, seed))),
    reset() {
      strikes.clear()
      startedAtMs = deps.nowMs()
    },
  }
}
