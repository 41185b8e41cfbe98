import { describe, expect, it } from 'vitest'
import { createAgentHealth } from './create-agent-health.ts'
import type { BreakerPhase } from './resilience/breaker-rules.ts'

const complete = { state: 'complete', finishReason: 'stop' } as const
const failed = { state: 'failed', code: 'upstream_failed', message: '' } as const

function open(phase: BreakerPhase = 'closed') {
  let nowMs = 0
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, setTimer: () => () => undefined }
  return { health: createAgentHealth({ clock, findPhase: () => phase }), pass: (ms: number) => (nowMs += ms) }
}

describe('createAgentHealth', () => {
  it('says unknown of an agent that was not asked lately', () => {
    const { health, pass } = open()
    health.record('a', complete, 300)
    pass(11 * 60_000)
    expect(health.find('a')).toEqual({ health: 'unknown', firstContentMs: null, breaker: 'closed' })
  })

  it('says down after three failures in a row, and ok after one success', () => {
    const { health } = open()
    health.record('a', complete, 300)
    for (let i = 0; i < 3; i++) health.record('a', failed, null)
    expect(health.find('a').health).toBe('down')
    health.record('a', complete, 200)
    expect(health.find('a').health).toBe('ok')
  })

  it('says slow by the median of the first content', () => {
    const { health } = open()
    for (const ms of [6_000, 7_000, 200]) health.record('a', complete, ms)
    expect(health.find('a')).toEqual({ health: 'slow', firstContentMs: 6_000, breaker: 'closed' })
  })

  it("does not count a person's stop against an agent", () => {
    const { health } = open()
    for (let i = 0; i < 3; i++) health.record('a', { state: 'stopped' }, null)
    expect(health.find('a').health).toBe('unknown')
  })

  it.each(['too_many_waiting', 'upstream_content_filter', 'internal'] as const)(
    'does not count what is no fault of the agent: %s',
    (code) => {
      const { health } = open()
      for (let i = 0; i < 3; i++) health.record('a', { state: 'failed', code, message: '' }, null)
      expect(health.find('a').health).toBe('unknown')
    },
  )

  it.each(['open', 'half-open'] as const)('says down while the circuit is %s, whatever it saw itself', (phase) => {
    const { health } = open(phase)
    health.record('a', complete, 300)
    expect(health.find('a')).toEqual({ health: 'down', firstContentMs: 300, breaker: phase })
  })
})
