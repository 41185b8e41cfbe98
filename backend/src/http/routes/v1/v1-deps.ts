import type { Clock } from '../../../base/clock.ts'
import type { AgentChoice } from '../../../generation/generation-job.ts'
import type { StartedV1, V1Call } from '../../../generation/start-v1-generation.ts'
import type { SseDeps } from '../../sse/follow-as-sse.ts'

export interface ChatCompletionsDeps extends SseDeps {
  clock: Clock
  getAgent: (userId: string, agentId: string) => Promise<AgentChoice>
  startV1: (call: V1Call) => Promise<StartedV1>
  /** Its client is gone and nobody can come back for it: ends it, unless somebody does within the grace. */
  abandon: (generationId: string) => void
}
