import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  admitRequest,
  closedState,
  settleRequest,
  toPhase,
  type BreakerOutcome,
  type BreakerRules,
  type BreakerState,
} from './breaker-rules.ts'

const rules: BreakerRules = { failures: 3, windowMs: 10_000, openMs: 1_000, maxOpenMs: 8_000, probeLeaseMs: 5_000 }
const failed: BreakerOutcome = { kind: 'failed', cause: 'upstream_failed', isDecisive: false }
const answered: BreakerOutcome = { kind: 'answered' }

function settle(state: BreakerState, nowMs: number, outcome: BreakerOutcome, probeId: string | null = null) {
  return settleRequest(rules, state, nowMs, { outcome, probeId, answeredBefore: 0 })
}

function open(nowMs: number): BreakerState {
  return [1, 2, 3].reduce((state) => settle(state, nowMs, failed), closedState)
}

describe('the circuit', () => {
  it('opens after so many failures in the window, and not before', () => {
    const two = settle(settle(closedState, 0, failed), 10, failed)
    expect(toPhase(two, 10)).toBe('closed')
    expect(toPhase(settle(two, 20, failed), 20)).toBe('open')
    expect(toPhase(settle(two, 20_000, failed), 20_000)).toBe('closed')
  })

  it('stays closed while most requests are answered', () => {
    const busy = settleRequest(rules, closedState, 0, { outcome: failed, probeId: null, answeredBefore: 100 })
    expect(toPhase(settle(settle(busy, 1, failed), 2, failed), 2)).toBe('closed')
  })

  it('opens at once when the key is refused', () => {
    const state = settle(closedState, 0, { kind: 'failed', cause: 'upstream_auth', isDecisive: true })
    expect(admitRequest(rules, state, 1, 'p').result).toEqual({
      kind: 'refused',
      retryAfterMs: 999,
      cause: 'upstream_auth',
    })
  })

  it('closes by a probe that is answered, and stays open twice as long after one that fails', () => {
    const { state, result } = admitRequest(rules, open(0), 1_000, 'p1')
    expect(result).toEqual({ kind: 'go', probeId: 'p1' })
    expect(settle(state, 1_100, answered, 'p1')).toEqual(closedState)
    const again = settle(state, 1_100, failed, 'p1')
    expect(again).toMatchObject({ trips: 2, openUntilMs: 3_100 })
    expect(toPhase(again, 3_099)).toBe('open')
  })

  it('gives a lost probe to the next one, and then no longer listens to the first', () => {
    const first = admitRequest(rules, open(0), 1_000, 'p1').state
    const second = admitRequest(rules, first, 6_001, 'p2')
    expect(second.result).toEqual({ kind: 'go', probeId: 'p2' })
    expect(settle(second.state, 6_100, answered, 'p1')).toBe(second.state)
  })

  it('is told nothing by a request that was sent before it opened', () => {
    const state = open(0)
    expect(settle(state, 500, answered)).toBe(state)
    expect(settle(state, 500, failed)).toBe(state)
  })

  it('lets one probe at a time through, whatever happens', () => {
    const outcome = fc.constantFrom(answered, failed, { kind: 'unknown' } as const)
    const step = fc.record({ waitMs: fc.nat(2_000), settles: fc.option(outcome), asks: fc.nat(3) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let state = open(0)
        let nowMs = 0
        let count = 0
        const outstanding: { id: string; sinceMs: number }[] = []
        for (const { waitMs, settles, asks } of steps) {
          nowMs += waitMs
          const probe = outstanding[0]
          if (settles && probe) {
            outstanding.shift()
            state = settle(state, nowMs, settles, probe.id)
          }
          for (let ask = 0; ask < asks; ask++) {
            const phase = toPhase(state, nowMs)
            const { state: next, result } = admitRequest(rules, state, nowMs, `p${count++}`)
            if (phase === 'open') expect(result.kind).toBe('refused')
            if (result.kind === 'go' && result.probeId !== null) {
              // Only a lease that ran out may have been passed on.
              expect(outstanding.every((one) => nowMs - one.sinceMs >= rules.probeLeaseMs)).toBe(true)
              outstanding.unshift({ id: result.probeId, sinceMs: nowMs })
            }
            state = next
          }
          expect(state.openUntilMs - nowMs).toBeLessThanOrEqual(rules.maxOpenMs)
          // Whatever has happened, somebody is let through in the end.
          const later = nowMs + rules.maxOpenMs + rules.probeLeaseMs
          expect(admitRequest(rules, state, later, 'late').result.kind).toBe('go')
        }
      }),
    )
  })
})
