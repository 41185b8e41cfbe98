import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import { emptyMessage } from '@llmchat/protocol/fold-message'
import { unfoldMessage } from '@llmchat/protocol/unfold-message'
import { AppError } from '../base/app-error.ts'
import type { LogViewer, StreamLog } from '../stream-log/stream-log.ts'
import { toClosingEvents } from './finish-generation.ts'
import type { GenerationRow } from './generation-repository.ts'
import type { WriterSnapshot } from './generation-writer.ts'

/** One SSE frame for a viewer. Frames of a snapshot have no seq of their own but the last. */
export interface ViewFrame {
  seq: number | null
  data: string
}

export interface FollowViewer {
  onFrames(frames: readonly ViewFrame[]): void
  onEnd(): void
}

export interface FollowDeps {
  streamLog: StreamLog
  findGeneration: (userId: string, generationId: string) => Promise<GenerationRow | null>
  /** The folded state of a generation this instance runs. */
  findLocalSnapshot: (generationId: string) => WriterSnapshot | null
}

export interface FollowRequest {
  userId: string
  generationId: string
  /** 0: from the beginning. */
  afterSeq: number
}

/**
 * The one way to watch an answer: replay, then live. Where the log no longer (or not yet again) holds `afterSeq`, the
 * viewer gets a snapshot first. The returned function ends it. Errors: `generation_not_found`.
 */
export async function followGeneration(
  deps: FollowDeps,
  request: FollowRequest,
  viewer: FollowViewer,
): Promise<() => void> {
  const live = await subscribe(deps, request.generationId, request.afterSeq, viewer)
  if (live) return live
  const local = deps.findLocalSnapshot(request.generationId)
  const row = await deps.findGeneration(request.userId, request.generationId)
  if (!row) throw new AppError('generation_not_found')
  if (row.delivery) return showStored(row, request.afterSeq, viewer)
  const snapshot = local ?? (await findLogSnapshot(deps, row))
  if (!snapshot) throw new AppError('overloaded', { message: 'The answer is being taken over. Try again.' })
  return showSnapshot(deps, row, snapshot, viewer)
}

async function subscribe(
  deps: FollowDeps,
  generationId: string,
  afterSeq: number,
  viewer: FollowViewer,
): Promise<(() => void) | null> {
  const logViewer: LogViewer = {
    onFrames: (frames) => viewer.onFrames(frames),
    onEnd: () => viewer.onEnd(),
  }
  return deps.streamLog.subscribe(generationId, afterSeq, logViewer)
}

async function findLogSnapshot(deps: FollowDeps, row: GenerationRow): Promise<WriterSnapshot | null> {
  const state = await deps.streamLog.findState(row.id)
  if (!state) return null
  const message = row.checkpoint ?? emptyMessage
  return { generationId: row.id, fence: row.fence, seq: row.checkpointSeq, message, upstream: row.upstream }
}

async function showSnapshot(
  deps: FollowDeps,
  row: GenerationRow,
  snapshot: WriterSnapshot,
  viewer: FollowViewer,
): Promise<() => void> {
  viewer.onFrames(toSnapshotFrames(row, snapshot.message, snapshot.seq))
  const live = await subscribe(deps, row.id, snapshot.seq, viewer)
  if (live) return live
  throw new AppError('overloaded', { message: 'The answer moved on. Try again.' })
}

/** The end from the row: the log is gone, or is only kept elsewhere. */
function showStored(row: GenerationRow, afterSeq: number, viewer: FollowViewer): () => void {
  const finalSeq = row.finalSeq ?? 0
  if (afterSeq < finalSeq) viewer.onFrames(toStoredFrames(row, finalSeq))
  viewer.onEnd()
  return () => undefined
}

function toStoredFrames(row: GenerationRow, finalSeq: number): ViewFrame[] {
  const parts = row.parts ?? row.result?.parts ?? []
  const frames = toSnapshotFrames(
    row,
    { ...emptyMessage, parts, delivery: row.delivery ?? emptyMessage.delivery },
    null,
  )
  const { delivery, usage, timing } = row
  if (!delivery || delivery.state === 'accepted' || delivery.state === 'streaming' || !usage || !timing) return frames
  const closing = toClosingEvents(delivery, usage, timing).map((event) => JSON.stringify(event))
  return [...frames, ...closing.map((data, index) => ({ seq: index === closing.length - 1 ? finalSeq : null, data }))]
}

function toSnapshotFrames(row: GenerationRow, message: FoldedMessage, seq: number | null): ViewFrame[] {
  const { id: generationId, sessionId, parentId, agentId } = row
  const events = unfoldMessage(message, row.messageId, { generationId, sessionId, parentId, agentId })
  return events.map((event, index) => ({
    seq: index === events.length - 1 ? seq : null,
    data: JSON.stringify(event),
  }))
}

/** What a sweeper appends to a log whose owner died between the commit and the terminal event. */
export function toMissingClosing(row: GenerationRow): ReturnType<typeof toClosingEvents> | null {
  const { delivery, usage, timing } = row
  if (!delivery || !usage || !timing || delivery.state === 'accepted' || delivery.state === 'streaming') return null
  return toClosingEvents(delivery, usage, timing)
}
