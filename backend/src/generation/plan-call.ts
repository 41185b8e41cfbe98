import type { HistoryTurn, ProviderCall } from '../providers/provider-adapter.ts'
import type { UpstreamIds } from '../providers/provider-part.ts'
import type { ChainTurn } from '../chat/accept-context.ts'
import type { SessionFile } from '../chat/list-session-files.ts'
import type { AgentChoice, GenerationJob } from './generation-job.ts'
import { takesFile } from './taken-files.ts'

interface PlanOptions {
  /** Who is asked: the job's agent, or one in its place. */
  agent: AgentChoice
  /** 1, 2, … */
  attempt: number
  isStateful: boolean
  canContinue: boolean
  /** The upstream conversation to go on in, or null for a new one that carries the history with it. */
  conversationId: string | null
  endUserId: string
}

const continueRequest =
  'Continue your last answer exactly where it broke off. Do not repeat anything and do not comment on the interruption.'

/** The request to an adapter for one attempt at a job. Pure. */
export function planCall(job: GenerationJob, options: PlanOptions): ProviderCall {
  const turns = job.rawTurns ?? toTurns(job, options)
  const isFork = options.isStateful && job.sessionId !== null && options.conversationId === null
  return {
    target: options.agent.target,
    turns,
    endUserId: options.endUserId,
    upstream: toUpstream(job, options, isFork),
    answerId: job.messageId + toSuffix(job, options),
    continueFrom: options.canContinue ? job.continueText : null,
    passThrough: isFork && turns.length > 1 ? { ...job.passThrough, carryHistory: true } : job.passThrough,
  }
}

function toUpstream(job: GenerationJob, options: PlanOptions, isFork: boolean): UpstreamIds {
  if (options.conversationId !== null) return { conversationId: options.conversationId }
  // FastGPT lets us choose the id of a new conversation; Dify issues its own.
  if (isFork && options.agent.target.provider === 'fastgpt')
    return { conversationId: job.generationId + toSuffix(job, options) }
  return {}
}

/** Ids that we choose must be new for each attempt and each owner; the first has none, so that ids stay readable. */
function toSuffix(job: GenerationJob, { attempt }: PlanOptions): string {
  return job.fence === 1 && attempt === 1 ? '' : `-${job.fence}-${attempt}`
}

function toTurns(job: GenerationJob, { agent, canContinue }: PlanOptions): HistoryTurn[] {
  const turns = job.chain
    .filter((turn) => turn.body !== '' || turn.files.length > 0)
    .map(({ role, body, files }) => toTurn(agent, role, body, files))
  if (job.question !== null) turns.push(toTurn(agent, 'user', job.question, job.questionFiles))
  if (job.continueText !== null && !canContinue) {
    turns.push({ role: 'assistant', content: job.continueText }, { role: 'user', content: continueRequest })
  }
  return turns
}

/** What this agent does not take (another one was asked then, or this one stands in for it) is named to it at least. */
function toTurn(agent: AgentChoice, role: ChainTurn['role'], body: string, files: readonly SessionFile[]): HistoryTurn {
  const taken = files.filter((file) => takesFile(agent, file))
  const named = files.filter((file) => !taken.includes(file)).map(({ name }) => `[${name}: not shown to you]`)
  const content = [body, ...named].filter((text) => text !== '').join('\n')
  return taken.length === 0 ? { role, content } : { role, content, files: taken }
}

/** The conversation the parent answer belongs to, if it came from the same agent; whether it is its tail is not known here. */
export function findParentConversation(
  job: GenerationJob,
  agentId: string,
): { conversationId: string; messageId: string } | null {
  const parent = job.question === null ? undefined : job.chain.at(-1)
  const conversationId = parent?.upstream['conversationId']
  if (!parent || parent.agentId !== agentId || typeof conversationId !== 'string') return null
  return { conversationId, messageId: parent.id }
}
