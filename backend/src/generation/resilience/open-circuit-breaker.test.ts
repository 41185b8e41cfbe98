import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../../../tests/support/create-manual-clock.ts'
import { createMemoryBreakerStore } from './breaker-store.ts'
import type { BreakerOutcome } from './breaker-rules.ts'
import { openCircuitBreaker, toBreakerKey, type BreakerPermit } from './open-circuit-breaker.ts'

const agent = { id: 'a', target: { provider: 'openai', baseUrl: 'https://x/v1', apiKey: 'sk-secret' } } as const
const failed: BreakerOutcome = { kind: 'failed', cause: 'upstream_failed', isDecisive: false }

function open() {
  const clock = createManualClock(1_000_000)
  let ids = 0
  const breaker = openCircuitBreaker(
    { clock, createId: () => `p${ids++}`, store: createMemoryBreakerStore({ clock }) },
    { failures: 2, windowMs: 10_000, openMs: 1_000, maxOpenMs: 8_000, probeLeaseMs: 5_000 },
  )
  return { clock, breaker }
}

async function permit(breaker: ReturnType<typeof open>['breaker']): Promise<BreakerPermit> {
  const admission = await breaker.admit(agent)
  if (admission.kind !== 'go') throw new Error('refused')
  return admission
}

describe('openCircuitBreaker', () => {
  it('goes round: closed, open, half-open, closed', async () => {
    const { clock, breaker } = open()
    for (let i = 0; i < 2; i++) (await permit(breaker)).settle(failed)
    expect(await breaker.admit(agent)).toEqual({ kind: 'refused', retryAfterMs: 1_000, cause: 'upstream_failed' })
    expect(breaker.listPhases()).toEqual([{ agentId: 'a', phase: 'open' }])
    clock.pass(1_000)
    const probe = await permit(breaker)
    expect([probe.isProbe, breaker.findPhase('a')]).toEqual([true, 'half-open'])
    expect((await breaker.admit(agent)).kind).toBe('refused')
    probe.settle({ kind: 'answered' })
    expect(breaker.findPhase('a')).toBe('closed')
  })

  it('takes an outcome once: the content counts, not what came after it', async () => {
    const { breaker } = open()
    for (let i = 0; i < 5; i++) {
      const one = await permit(breaker)
      one.settle({ kind: 'answered' })
      one.settle(failed)
    }
    expect(breaker.findPhase('a')).toBe('closed')
  })

  it('weighs failures by what was answered in between', async () => {
    const { breaker } = open()
    for (let i = 0; i < 20; i++) (await permit(breaker)).settle({ kind: 'answered' })
    for (let i = 0; i < 3; i++) (await permit(breaker)).settle(failed)
    expect(breaker.findPhase('a')).toBe('closed')
  })

  it('gives a new key a circuit of its own, and never tells a key', async () => {
    const { breaker } = open()
    for (let i = 0; i < 2; i++) (await permit(breaker)).settle(failed)
    const repaired = { ...agent, target: { ...agent.target, apiKey: 'sk-new' } }
    expect((await breaker.admit(repaired)).kind).toBe('go')
    expect(breaker.findPhase('a')).toBe('closed')
    expect(toBreakerKey(agent)).not.toContain('secret')
  })
})
