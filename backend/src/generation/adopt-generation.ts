import { toPlainText } from '@llmchat/protocol/message-part'
import type { Delivery } from '@llmchat/protocol/chat-event'
import { emptyMessage, foldEvents, type FoldedMessage } from '@llmchat/protocol/fold-message'
import type { Logger } from '../base/logger.ts'
import type { LogFrame, StreamLog } from '../stream-log/stream-log.ts'
import type { UpstreamIds } from '../providers/provider-part.ts'
import { findLastNote } from './owner-note.ts'
import { toChatEvents } from './parse-frames.ts'
import { toAgentlessJob } from './find-job.ts'
import type { AgentChoice, GenerationJob } from './generation-job.ts'
import type { GenerationRow } from './generation-repository.ts'
import { countStreamed } from './skip-shown.ts'
import { withOverrides } from './v1-request.ts'

export interface AdoptDeps {
  logger: Logger
  streamLog: StreamLog
  /** The job as it was, from the rows; null when its agent is gone. */
  findJob: (row: GenerationRow) => Promise<GenerationJob | null>
  resume: (job: GenerationJob) => void
  /** Whether active or not; null when deleted. */
  findAgent: (agentId: string) => Promise<AgentChoice | null>
  /** Ends it without asking anybody. */
  conclude: (job: GenerationJob, delivery: Delivery) => void
  /** Undoes the claim: the next to look may try again. */
  release: (owned: { generationId: string; fence: number }) => Promise<void>
}

// A lost log starts again above every seq it can have had since its last checkpoint, so that a viewer who saw more
// than was saved is recognised and given a snapshot.
const lostLogGap = 100_000
const maxAdoptions = 3

/**
 * Goes on with a generation that was just claimed: seal, read the tail past the checkpoint, go down the ladder. What
 * fails on the way is given up again, or it would hang under a living owner.
 */
export async function adoptRow(deps: AdoptDeps, row: GenerationRow): Promise<void> {
  const { id: generationId, fence } = row
  try {
    const job = await deps.findJob(row)
    const { baseSeq, message, upstream } = await restoreLog(deps, row)
    const adopted = { baseSeq, message, upstream, ageMs: row.ageMs }
    deps.logger.info({ generationId, fence, shownParts: message.parts.length }, 'generation adopted')
    const goesOn = job && (await toAnsweringJob(deps, job, message))
    const taken: GenerationJob = { ...(goesOn ?? toAgentlessJob(row)), adopted }
    if (row.isStopRequested) deps.conclude(taken, { state: 'stopped' })
    else if (!goesOn || row.adoptions > maxAdoptions)
      deps.conclude(taken, { state: 'interrupted', reason: 'owner-lost' })
    else deps.resume(taken)
  } catch (error) {
    deps.logger.warn({ err: error, generationId }, 'adoption failed and is given up')
    await deps.release({ generationId, fence })
  }
}

/** A fall-back agent had taken over: its upstream knows the answer, not that of the agent that was asked. */
async function toAnsweringJob(
  deps: AdoptDeps,
  job: GenerationJob,
  message: FoldedMessage,
): Promise<GenerationJob | null> {
  if (!message.answeredBy || message.answeredBy.agentId === job.agent.id) return job
  const agent = await deps.findAgent(message.answeredBy.agentId)
  return agent && { ...job, agent: { ...agent, target: withOverrides(agent.target, job.overrides) } }
}

async function restoreLog(
  deps: AdoptDeps,
  row: GenerationRow,
): Promise<Pick<NonNullable<GenerationJob['adopted']>, 'baseSeq' | 'message' | 'upstream'>> {
  const checkpoint = row.checkpoint ?? emptyMessage
  const lastSeq = await deps.streamLog.seal(row.id, row.fence)
  const tail = lastSeq === null ? null : await deps.streamLog.read(row.id, row.checkpointSeq)
  if (lastSeq !== null && tail) return { baseSeq: lastSeq, ...replay(checkpoint, row.upstream, tail) }
  const baseSeq = row.checkpointSeq + lostLogGap
  if (lastSeq === null) await deps.streamLog.open(row.id, row.fence, baseSeq)
  // It ends below the checkpoint: its owner went on without it, and what lies between is only in the checkpoint.
  else await deps.streamLog.restart(row.id, row.fence, lastSeq, baseSeq)
  return { baseSeq, message: checkpoint, upstream: row.upstream }
}

/**
 * The checkpoint and what the log has beyond it. The upstream's place is the checkpoint's, or a later note's: what the log
 * has beyond that place, the upstream will say again.
 */
function replay(
  checkpoint: FoldedMessage,
  saved: UpstreamIds,
  tail: readonly LogFrame[],
): { message: FoldedMessage; upstream: UpstreamIds } {
  const note = findLastNote(tail)
  const upToPlace = note ? tail.filter((frame) => frame.seq <= note.seq) : []
  const atPlace = foldEvents(checkpoint, toChatEvents(upToPlace))
  const message = foldEvents(atPlace, toChatEvents(tail.slice(upToPlace.length)))
  const upstream = note?.upstream ?? saved
  const ahead = (upstream.ahead ?? 0) + countStreamed(message.parts) - countStreamed(atPlace.parts)
  return { message, upstream: ahead === 0 ? upstream : { ...upstream, ahead } }
}

/** The text that people have already seen of an adopted answer. */
export function toShownText(job: GenerationJob): string {
  return toPlainText(job.adopted?.message.parts ?? [])
}
