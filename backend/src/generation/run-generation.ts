import type { Delivery } from '@llmchat/protocol/chat-event'
import type { ProviderFailure } from '../providers/provider-part.ts'
import { askAgent, type AskDeps } from './ask-agent.ts'
import type { AgentChoice, GenerationJob } from './generation-job.ts'
import { canFallBack } from './resilience/classify-failure.ts'
import type { RunningGeneration } from './running-generation.ts'
import { toEnd } from './to-end.ts'
import { withOverrides } from './v1-request.ts'

export interface RunDeps extends AskDeps {
  /** An agent that may answer now; null when it is switched off or gone. */
  findActiveAgent: (userId: string, agentId: string) => Promise<AgentChoice | null>
  /** An agent could not answer, and another one is asked. */
  onFellBack: (agent: AgentChoice, failure: ProviderFailure) => void
}

/**
 * The making of one answer: the agent that was asked, then its fall-back agents in order, until one shows content. Says
 * what its end is; writes content, not the terminal event.
 */
export async function runGeneration(
  deps: RunDeps,
  running: RunningGeneration,
  options: { isFork: boolean } = { isFork: false },
): Promise<Delivery> {
  const { job } = running
  let failed = await askAgent(deps, running, running.agent, options)
  for (const agentId of job.agent.resilience.fallbackAgentIds) {
    if (failed.kind === 'end') return failed.delivery
    if (running.hasContent || running.endReason !== null || !canFallBack(failed.failure)) break
    const agent = agentId === running.agent.id ? null : await deps.findActiveAgent(job.userId, agentId)
    if (!agent || !canStandIn(job, agent)) continue
    deps.onFellBack(running.agent, failed.failure)
    failed = await askAgent(deps, running, withJobOverrides(job, agent), { isFork: false })
  }
  return failed.kind === 'end' ? failed.delivery : toFailureEnd(running, failed.failure)
}

/** A `/v1` caller's own fields (tools, response format) were checked against one protocol; another may drop them. */
function canStandIn(job: GenerationJob, agent: AgentChoice): boolean {
  return Object.keys(job.passThrough).length === 0 || agent.target.provider === job.agent.target.provider
}

function withJobOverrides(job: GenerationJob, agent: AgentChoice): AgentChoice {
  return { ...agent, target: withOverrides(agent.target, job.overrides) }
}

function toFailureEnd(running: RunningGeneration, failure: ProviderFailure): Delivery {
  if (running.endReason !== null) return toEnd(running)
  if (!running.hasContent) {
    const { code, message, retryAfterMs } = failure
    return { state: 'failed', code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  }
  const reason = failure.code === 'upstream_truncated' ? 'truncated' : 'upstream-error'
  return { state: 'interrupted', reason, code: failure.code }
}
