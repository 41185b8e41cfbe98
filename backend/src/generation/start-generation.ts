import type { QuotaUse } from '@llmchat/protocol/api/quota-schema'
import type { Failpoints } from '../base/failpoints.ts'
import type { CreateId } from '../base/ids.ts'
import { AppError } from '../base/app-error.ts'
import type { AcceptContext, AcceptQuestion } from '../chat/accept-context.ts'
import type { SessionFile } from '../chat/list-session-files.ts'
import type { AcceptedRows } from '../chat/write-accepted.ts'
import type { TokenEstimate } from '../quotas/quotas.ts'
import { isQuotaRefusal } from '../quotas/to-refusal.ts'
import { estimateCall } from './estimate-call.ts'
import type { AgentChoice, GenerationJob } from './generation-job.ts'
import { assertCanAccept, findAttachment } from './accept-rules.ts'
import { assertTakes } from './taken-files.ts'
import type { SendMessage } from './send-message.ts'

export interface StartedGeneration {
  generationId: string
  messageId: string
  sessionId: string
  /** True when the request was a repetition and nothing new was written. */
  isAttached: boolean
}

export interface StartDeps {
  instanceId: () => string
  createId: CreateId
  failpoints: Failpoints
  /** Throws when no new work may begin: draining, overloaded, full. */
  assertHasRoom: () => void
  /** Throws `agent_not_found`, also where this person may not see it, `agent_inactive`. Null: the default agent. */
  getAgent: (userId: string, agentId: string | null) => Promise<AgentChoice>
  getAcceptContext: (question: AcceptQuestion) => Promise<AcceptContext>
  /** Throws `quota_exceeded`, `too_many_running`. `warnings`: soft limits that it passes. */
  writeAccepted: (
    rows: AcceptedRows,
    toEstimate: () => TokenEstimate,
  ) => Promise<{ isWritten: boolean; warnings: readonly QuotaUse[] }>
  /** In the order of the ids. Throws `upload_not_found`. */
  getUploads: (userId: string, ids: readonly string[]) => Promise<readonly SessionFile[]>
  findPartialText: (userId: string, messageId: string) => Promise<string>
  /** So that viewers find it without the database. */
  rememberSession: (place: { userId: string; generationId: string; sessionId: string }) => void
  run: (job: GenerationJob) => void
}

const maxRaces = 5

/**
 * Accepts a message: one read, one transaction, then the answer begins. Repeating it is safe: the same question id
 * re-attaches. Errors: see the catalogue; nothing has been written when it throws.
 */
export async function startGeneration(deps: StartDeps, message: SendMessage): Promise<StartedGeneration> {
  for (let race = 0; race < maxRaces; race++) {
    const context = await deps.getAcceptContext(toAcceptQuestion(message))
    if (context.isForeign) throw new AppError('chat_session_not_found')
    const attached = findAttachment(message, context)
    if (attached) return { ...attached, sessionId: message.sessionId, isAttached: true }
    deps.assertHasRoom()
    assertCanAccept(message, context)
    const started = await accept(deps, message, context).catch((error: unknown) => attachToTwin(deps, message, error))
    if (started) return started
  }
  throw new AppError('conflict', { message: 'This chat is being changed from several places at once. Try again.' })
}

function toAcceptQuestion(message: SendMessage): AcceptQuestion {
  const { userId, sessionId, question, targetId, parentId } = message
  return question
    ? { userId, sessionId, namedId: question.id, mode: 'submit', parentId }
    : { userId, sessionId, namedId: targetId, mode: 'answer', parentId: undefined }
}

async function accept(
  deps: StartDeps,
  message: SendMessage,
  context: AcceptContext,
): Promise<StartedGeneration | null> {
  const agent = await deps.getAgent(message.userId, message.agentId ?? context.session?.agentId ?? null)
  const files = await findFiles(deps, message)
  assertTakes(agent, message.question ? files : (context.chain.at(-1)?.files ?? []))
  const continueText = await findContinueText(deps, message, context)
  deps.failpoints.hit('accept:before')
  const rows = toRows(deps, message, { context, agent, files })
  const toEstimate = () =>
    estimateCall(listTexts(message, context, continueText), listFiles(files, context), agent.target)
  const { isWritten, warnings } = await writeOnce(deps, rows, toEstimate)
  deps.failpoints.hit('accept:after')
  if (!isWritten) return null
  const { generationId, answerId, answerParentId } = rows
  deps.rememberSession({ userId: message.userId, generationId, sessionId: message.sessionId })
  deps.run({
    generationId,
    messageId: answerId,
    userId: message.userId,
    sessionId: message.sessionId,
    parentId: answerParentId,
    agent,
    fence: 1,
    chain: context.chain,
    question: message.question?.text ?? null,
    questionFiles: files,
    continueText,
    rawTurns: null,
    passThrough: {},
    quotaWarnings: warnings,
  })
  return { generationId, messageId: answerId, sessionId: message.sessionId, isAttached: false }
}

function toRows(
  deps: Pick<StartDeps, 'createId' | 'instanceId'>,
  message: SendMessage,
  { context, agent, files }: { context: AcceptContext; agent: AgentChoice; files: readonly SessionFile[] },
): AcceptedRows {
  const parentId = context.chain.at(-1)?.id ?? null
  const questionId = message.question?.id ?? parentId
  if (questionId === null) throw new AppError('message_not_found')
  return {
    userId: message.userId,
    sessionId: message.sessionId,
    agent: { id: agent.id, name: agent.name },
    question: message.question && { ...message.question, files, parentId },
    answerId: deps.createId(),
    answerParentId: questionId,
    generationId: deps.createId(),
    ownerInstance: deps.instanceId(),
    expectedLeafId: context.session?.activeLeafId ?? null,
  }
}

async function findFiles(deps: StartDeps, { userId, question }: SendMessage): Promise<readonly SessionFile[]> {
  if (!question || question.fileIds.length === 0) return []
  return deps.getUploads(userId, question.fileIds)
}

function listTexts(message: SendMessage, context: AcceptContext, continueText: string | null): string[] {
  return [...context.chain.map((turn) => turn.body), message.question?.text ?? '', continueText ?? '']
}

function listFiles(files: readonly SessionFile[], context: AcceptContext): readonly SessionFile[] {
  return [...context.chain.flatMap((turn) => turn.files), ...files]
}

/** Its twin may have taken the last place a moment ago: then this is the same message again, and not one too many. */
async function attachToTwin(deps: StartDeps, message: SendMessage, error: unknown): Promise<StartedGeneration> {
  if (!isQuotaRefusal(error)) throw error
  const attached = findAttachment(message, await deps.getAcceptContext(toAcceptQuestion(message)))
  if (!attached) throw error
  return { ...attached, sessionId: message.sessionId, isAttached: true }
}

async function findContinueText(deps: StartDeps, message: SendMessage, context: AcceptContext): Promise<string | null> {
  if (!message.isContinuation) return null
  if (context.named?.role !== 'assistant') throw new AppError('message_not_found')
  const text = await deps.findPartialText(message.userId, context.named.id)
  return text === '' ? null : text
}

async function writeOnce(
  deps: StartDeps,
  rows: AcceptedRows,
  toEstimate: () => TokenEstimate,
): ReturnType<StartDeps['writeAccepted']> {
  try {
    return await deps.writeAccepted(rows, toEstimate)
  } catch (error) {
    // The same question came twice at the same time: the other one won, and the next read finds it. Or a file is gone
    // since it was looked up, which the next look tells.
    if (isViolation(error)) return { isWritten: false, warnings: [] }
    throw error
  }
}

function isViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '23505' || error.code === '23503')
}
