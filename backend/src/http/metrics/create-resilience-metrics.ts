import { Counter, Gauge, type Registry } from 'prom-client'
import type { ErrorCode } from '@llmchat/protocol/error-code'
import type { Resilience } from '../../generation/resilience/open-resilience.ts'

const phases = ['closed', 'half-open', 'open'] as const

/** How agents stand: their circuits, their lines, and what had to be answered by others. */
export function createResilienceMetrics(
  registry: Registry,
  resilience: Pick<Resilience, 'breaker' | 'bulkhead'>,
): { countFellBack: (agentId: string, code: ErrorCode) => void } {
  new Gauge({
    name: 'llmchat_agent_circuit',
    help: 'The circuit of each agent: 1 for the phase it is in.',
    labelNames: ['agent', 'phase'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { agentId, phase } of resilience.breaker.listPhases())
        for (const one of phases) this.set({ agent: agentId, phase: one }, one === phase ? 1 : 0)
    },
  })
  new Gauge({
    name: 'llmchat_agent_answers',
    help: 'Answers of each agent on this instance: active, or waiting for a place.',
    labelNames: ['agent', 'state'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { agentId, active, waiting } of resilience.bulkhead.counts()) {
        this.set({ agent: agentId, state: 'active' }, active)
        this.set({ agent: agentId, state: 'waiting' }, waiting)
      }
    },
  })
  const fellBack = new Counter({
    name: 'llmchat_agent_fell_back_total',
    help: 'Questions that an agent could not answer and the next one was asked, by why.',
    labelNames: ['agent', 'code'],
    registers: [registry],
  })
  return { countFellBack: (agent, code) => fellBack.inc({ agent, code }) }
}
