import type { AcceptContext, AcceptQuestion } from '../chat/accept-context.ts'
import type { AgentChoice, GenerationJob } from './generation-job.ts'
import type { GenerationRow } from './generation-repository.ts'
import { parseV1Request, toV1JobFields } from './v1-request.ts'

export interface FindJobDeps {
  /** Switched off or not; null when it was deleted. */
  findAgent: (agentId: string) => Promise<AgentChoice | null>
  getAcceptContext: (question: AcceptQuestion) => Promise<AcceptContext>
}

/** The job of a generation that another owner began, rebuilt from what is stored. Null: its agent is gone. */
export async function findJob(deps: FindJobDeps, row: GenerationRow): Promise<GenerationJob | null> {
  const agent = await deps.findAgent(row.agentId)
  if (!agent) return null
  const common = {
    generationId: row.id,
    messageId: row.messageId,
    userId: row.userId,
    parentId: row.parentId,
    agent,
    fence: row.fence,
    question: null,
    questionFiles: [],
    continueText: null,
  }
  if (row.sessionId === null) {
    const { target, ...fields } = toV1JobFields(parseV1Request(row.request), agent.target)
    return { ...common, sessionId: null, chain: [], ...fields, agent: { ...agent, target } }
  }
  const { userId, sessionId, messageId } = row
  const context = await deps.getAcceptContext({
    userId,
    sessionId,
    namedId: messageId,
    mode: 'answer',
    parentId: undefined,
  })
  return { ...common, sessionId, chain: context.chain, rawTurns: null, passThrough: {} }
}

/** Enough of a job to end a generation whose agent was deleted. */
export function toAgentlessJob(row: GenerationRow): GenerationJob {
  return {
    generationId: row.id,
    messageId: row.messageId,
    userId: row.userId,
    sessionId: row.sessionId,
    parentId: row.parentId,
    agent: {
      id: row.agentId,
      name: row.agentId,
      target: {
        provider: 'openai',
        baseUrl: '',
        apiKey: null,
        model: null,
        appId: null,
        systemPrompt: null,
        temperature: null,
        maxTokens: null,
        options: {},
      },
      resilience: { fallbackAgentIds: [], maxConcurrent: null, hedgeAfterMs: null },
      takes: { images: false, files: false },
    },
    fence: row.fence,
    chain: [],
    question: null,
    questionFiles: [],
    continueText: null,
    rawTurns: null,
    passThrough: {},
  }
}
