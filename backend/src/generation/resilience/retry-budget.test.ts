import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../../../tests/support/create-manual-clock.ts'
import { createRetryBudget } from './retry-budget.ts'

const windowMs = 60_000

describe('createRetryBudget', () => {
  it('never grants more than the floor and the share of requests, in any window', () => {
    const step = fc.record({ waitMs: fc.nat(8_000), kind: fc.constantFrom('request' as const, 'retry' as const) })
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 300 }),
        fc.nat(5),
        fc.integer({ min: 0, max: 50 }),
        (steps, floor, percent) => {
          const clock = createManualClock()
          const budget = createRetryBudget({ clock }, { ratio: percent / 100, floor, windowMs })
          const events: { atMs: number; kind: 'request' | 'retry' }[] = []
          for (const { waitMs, kind } of steps) {
            clock.pass(waitMs)
            if (kind === 'request') budget.noteRequest('a')
            if (kind === 'request' || budget.take('a')) events.push({ atMs: clock.nowMs(), kind })
          }
          for (const end of events) {
            const inWindow = events.filter((one) => one.atMs <= end.atMs && one.atMs > end.atMs - windowMs)
            const retries = inWindow.filter((one) => one.kind === 'retry').length
            // Requests up to a tenth of a window older may still have been counted when a retry was granted.
            const requests = events.filter(
              (one) => one.kind === 'request' && one.atMs <= end.atMs && one.atMs > end.atMs - 2.1 * windowMs,
            ).length
            expect(retries).toBeLessThanOrEqual(floor + (requests * percent) / 100)
          }
        },
      ),
    )
  })

  it('grants a tenth under load and no more, so that an outage is not amplified', () => {
    const clock = createManualClock()
    const budget = createRetryBudget({ clock }, { ratio: 0.1, floor: 0, windowMs })
    let granted = 0
    for (let i = 0; i < 1000; i++) {
      budget.noteRequest('a')
      if (budget.take('a')) granted += 1
      clock.pass(10)
    }
    expect(granted).toBe(100)
  })

  it('keeps agents apart and forgets what has left the window', () => {
    const clock = createManualClock()
    const budget = createRetryBudget({ clock }, { ratio: 0, floor: 2, windowMs })
    expect([budget.take('a'), budget.take('a'), budget.take('a'), budget.take('b')]).toEqual([true, true, false, true])
    clock.pass(windowMs * 1.2)
    expect(budget.take('a')).toBe(true)
  })
})
