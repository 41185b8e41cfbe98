import { toPlainText } from '@llmchat/protocol/message-part'
import type { Delivery } from '@llmchat/protocol/chat-event'
import { emptyMessage, foldEvents } from '@llmchat/protocol/fold-message'
import type { Logger } from '../base/logger.ts'
import type { StreamLog } from '../stream-log/stream-log.ts'
import { toChatEvents } from './parse-frames.ts'
import { toAgentlessJob } from './find-job.ts'
import type { GenerationJob } from './generation-job.ts'
import type { GenerationRow } from './generation-repository.ts'

export interface AdoptDeps {
  logger: Logger
  streamLog: StreamLog
  instanceId: () => string
  adoptGeneration: (key: { generationId: string; fence: number; instanceId: string }) => Promise<number | null>
  /** The job as it was, from the rows; null when its agent is gone. */
  findJob: (row: GenerationRow) => Promise<GenerationJob | null>
  resume: (job: GenerationJob) => void
  /** Ends it without asking anybody. */
  conclude: (job: GenerationJob, delivery: Delivery) => void
}

// A lost log starts again above every seq it can have had since its last checkpoint, so that a viewer who saw more
// than was saved is recognised and given a snapshot.
const lostLogGap = 100_000
const maxAdoptions = 3

/**
 * Takes a generation over: compare-and-set of owner and fence, seal, read the tail past the checkpoint, go on. False:
 * somebody else was first.
 */
export async function adoptRow(deps: AdoptDeps, row: GenerationRow): Promise<boolean> {
  // First, because it may fail: a row that was claimed and not taken on would hang under a living owner.
  const job = await deps.findJob(row)
  const instanceId = deps.instanceId()
  const fence = await deps.adoptGeneration({ generationId: row.id, fence: row.fence, instanceId })
  if (fence === null) return false
  const { baseSeq, message } = await restoreLog(deps, row, fence)
  const isStopRequested = row.isStopRequested
  const adopted = { baseSeq, message, upstream: row.upstream, isStopRequested }
  deps.logger.info({ generationId: row.id, fence, shownParts: message.parts.length }, 'generation adopted')
  const taken: GenerationJob = { ...(job ?? toAgentlessJob(row)), fence, adopted }
  if (isStopRequested) deps.conclude(taken, { state: 'stopped' })
  else if (!job || row.adoptions >= maxAdoptions) deps.conclude(taken, { state: 'interrupted', reason: 'owner-lost' })
  else deps.resume(taken)
  return true
}

async function restoreLog(
  deps: AdoptDeps,
  row: GenerationRow,
  fence: number,
): Promise<Pick<NonNullable<GenerationJob['adopted']>, 'baseSeq' | 'message'>> {
  const checkpoint = row.checkpoint ?? emptyMessage
  const lastSeq = await deps.streamLog.seal(row.id, fence)
  const tail = lastSeq === null ? null : await deps.streamLog.read(row.id, row.checkpointSeq)
  if (lastSeq !== null && tail) return { baseSeq: lastSeq, message: foldEvents(checkpoint, toChatEvents(tail)) }
  const baseSeq = row.checkpointSeq + lostLogGap
  await deps.streamLog.open(row.id, fence, baseSeq)
  return { baseSeq, message: checkpoint }
}

/** The text that people have already seen of an adopted answer. */
export function toShownText(job: GenerationJob): string {
  return toPlainText(job.adopted?.message.parts ?? [])
}
