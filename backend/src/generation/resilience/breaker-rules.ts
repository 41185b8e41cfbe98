import type { ErrorCode } from '@llmchat/protocol/error-code'
import { addToSlices, sumSlices, type WindowSlice } from './window-slices.ts'

export interface BreakerRules {
  /** So many failures within the window, and at least half of all that was asked in it, open the circuit. */
  failures: number
  windowMs: number
  /** How long it stays open; twice as long after each failed probe, up to `maxOpenMs`. */
  openMs: number
  maxOpenMs: number
  /** A probe whose owner says nothing for so long is given to somebody else. */
  probeLeaseMs: number
}

/** Plain JSON, shared by all instances. Times are ms since the epoch. */
export interface BreakerState {
  /** Requests and, marked, failures. */
  slices: WindowSlice[]
  /** Openings in a row; 0 is closed. */
  trips: number
  openUntilMs: number
  probe: { id: string; untilMs: number } | null
  /** The failure that opened it. */
  cause: ErrorCode | null
}

export type BreakerPhase = 'closed' | 'open' | 'half-open'

/**
 * What one request showed of its upstream. `answered`: it works, whatever it said. `decisive`: no further proof is
 * needed. `unknown`: it was given up before it showed anything.
 */
export type BreakerOutcome =
  { kind: 'answered' } | { kind: 'failed'; cause: ErrorCode; isDecisive: boolean } | { kind: 'unknown' }

export type BreakerAdmission =
  { kind: 'go'; probeId: string | null } | { kind: 'refused'; retryAfterMs: number; cause: ErrorCode | null }

/** While somebody else's probe is out: about when to ask again. */
const probeRetryMs = 1_000

export const closedState: BreakerState = { slices: [], trips: 0, openUntilMs: 0, probe: null, cause: null }

export function toPhase(state: BreakerState, nowMs: number): BreakerPhase {
  if (state.trips === 0) return 'closed'
  return nowMs < state.openUntilMs ? 'open' : 'half-open'
}

/** Whether a request may go. Half-open lets one at a time through, under `newProbeId`. */
export function admitRequest(
  rules: BreakerRules,
  state: BreakerState,
  nowMs: number,
  newProbeId: string,
): { state: BreakerState; result: BreakerAdmission } {
  const { cause } = state
  switch (toPhase(state, nowMs)) {
    case 'closed':
      return { state, result: { kind: 'go', probeId: null } }
    case 'open':
      return { state, result: { kind: 'refused', retryAfterMs: Math.ceil(state.openUntilMs - nowMs), cause } }
    case 'half-open': {
      if (state.probe && state.probe.untilMs > nowMs)
        return { state, result: { kind: 'refused', retryAfterMs: probeRetryMs, cause } }
      const probe = { id: newProbeId, untilMs: nowMs + rules.probeLeaseMs }
      return { state: { ...state, probe }, result: { kind: 'go', probeId: newProbeId } }
    }
  }
}

export interface SettledRequest {
  outcome: BreakerOutcome
  /** Of its admission. */
  probeId: string | null
  /** Requests that were answered since the last one that was told. */
  answeredBefore: number
}

export function settleRequest(
  rules: BreakerRules,
  state: BreakerState,
  nowMs: number,
  settled: SettledRequest,
): BreakerState {
  const { outcome, probeId } = settled
  if (probeId !== null) return settleProbe(rules, state, nowMs, probeId, outcome)
  // Sent before it opened: that the circuit is open says as much already.
  if (state.trips > 0) return state
  const isFailure = outcome.kind === 'failed'
  const counted = outcome.kind === 'unknown' ? 0 : 1
  const added = { total: settled.answeredBefore + counted, marked: isFailure ? 1 : 0 }
  const slices = addToSlices(state.slices, added, nowMs, rules.windowMs)
  const sum = sumSlices(slices, nowMs, rules.windowMs)
  const isEnough = sum.marked >= rules.failures && sum.marked * 2 >= sum.total
  if (isFailure && (outcome.isDecisive || isEnough)) return trip(rules, state, nowMs, outcome.cause)
  return { ...state, slices }
}

function settleProbe(
  rules: BreakerRules,
  state: BreakerState,
  nowMs: number,
  probeId: string,
  outcome: BreakerOutcome,
): BreakerState {
  // Its lease ran out and another probe decides, or has decided.
  if (state.probe?.id !== probeId) return state
  if (outcome.kind === 'answered') return closedState
  if (outcome.kind === 'failed') return trip(rules, state, nowMs, outcome.cause)
  return { ...state, probe: null }
}

function trip(rules: BreakerRules, state: BreakerState, nowMs: number, cause: ErrorCode): BreakerState {
  const openMs = Math.min(rules.maxOpenMs, rules.openMs * 2 ** Math.min(state.trips, 20))
  return { slices: [], trips: state.trips + 1, openUntilMs: nowMs + openMs, probe: null, cause }
}
