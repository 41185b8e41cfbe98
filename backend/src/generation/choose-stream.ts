import type { FrameId } from '@llmchat/protocol/frame-id'
import { AppError } from '../base/app-error.ts'
import type { FollowRequest } from './follower.ts'
import type { GenerationRow } from './generation-repository.ts'

export interface ChooseDeps {
  /** As far as it is remembered: null says nothing. */
  recallSession: (userId: string, generationId: string) => Promise<string | null>
  /** Its log is there and has no end yet. */
  isGoingOn: (generationId: string) => Promise<boolean>
  findGeneration: (userId: string, generationId: string) => Promise<GenerationRow | null>
  findNewestGeneration: (userId: string, sessionId: string) => Promise<GenerationRow | null>
  hasSession: (userId: string, sessionId: string) => Promise<boolean>
}

export interface StreamQuestion {
  userId: string
  sessionId: string
  /** Where the viewer was. */
  after: FrameId | null
  /** A certain generation, from its beginning. */
  generationId: string | null
}

/**
 * Which stream a returning viewer gets: the rest of the generation it names, then the newest that runs. Null: nothing
 * runs, and none was named. Errors: `chat_session_not_found`, `generation_not_found`.
 */
export async function chooseStream(deps: ChooseDeps, question: StreamQuestion): Promise<FollowRequest | null> {
  const { userId, sessionId } = question
  const namedId = question.after?.generationId ?? question.generationId
  const afterSeq = question.after?.seq ?? 0
  if (namedId === null) return findRunning(deps, userId, sessionId)
  const rest: FollowRequest = { userId, generationId: namedId, afterSeq }
  // Without the database, so that a viewer can come back to a running answer while that is away.
  if ((await deps.recallSession(userId, namedId)) === sessionId && (await deps.isGoingOn(namedId))) return rest
  const named = await deps.findGeneration(userId, namedId)
  if (named?.sessionId !== sessionId) throw new AppError('generation_not_found')
  if (named.finalSeq === null || afterSeq < named.finalSeq) return rest
  return (await findRunning(deps, userId, sessionId)) ?? rest
}

async function findRunning(deps: ChooseDeps, userId: string, sessionId: string): Promise<FollowRequest | null> {
  const newest = await deps.findNewestGeneration(userId, sessionId)
  if (newest?.status === 'running') return { userId, generationId: newest.id, afterSeq: 0 }
  if (!newest && !(await deps.hasSession(userId, sessionId))) throw new AppError('chat_session_not_found')
  return null
}
