import type { SimulatorProcess } from '../../support/cluster/simulator-process.ts'
import { toTestAgents } from '../../support/test-agents.ts'

/**
 * `canGoOn`: after the loss of its owner an answer of this agent ends complete and exact, whatever was shown: the upstream's
 * run can be joined again, or the turn be continued.
 */
export interface TestAgent {
  id: string
  canGoOn: boolean
}

export const drillAgents: readonly TestAgent[] = [
  { id: 'openai', canGoOn: false },
  { id: 'openai-responses', canGoOn: true },
  { id: 'anthropic', canGoOn: false },
  { id: 'fastgpt', canGoOn: false },
  { id: 'dify-workflow', canGoOn: true },
  { id: 'prefill', canGoOn: true },
]

/** Entries of an agents file. */
export function toDrillAgents(simulator: SimulatorProcess): object[] {
  const workflow = { provider: 'dify', baseUrl: simulator.baseUrl('dify'), apiKey: 'app-sim:mode=workflow' }
  return [...toTestAgents(simulator), { id: 'dify-workflow', name: 'Dify workflow', ...workflow }]
}
