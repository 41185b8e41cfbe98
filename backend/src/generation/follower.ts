import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import { emptyMessage } from '@llmchat/protocol/fold-message'
import type { LogFrame, StreamLog } from '../stream-log/stream-log.ts'
import type { GenerationRow } from './generation-repository.ts'
import type { WriterSnapshot } from './generation-writer.ts'
import { toGrowthFrames, toSnapshotFrames, toStoredFrames, type ViewFrame } from './view-frames.ts'

/** `ended`: the answer's end has been shown. `cut`: it goes on, but not from this process. */
export type FollowEnd = 'ended' | 'cut'

export interface FollowViewer {
  onFrames(frames: readonly ViewFrame[]): void
  /** Nothing more comes. */
  onEnd(why: FollowEnd): void
}

export interface FollowRequest {
  userId: string
  generationId: string
  /** 0: from the beginning. */
  afterSeq: number
}

export interface FollowerDeps {
  streamLog: StreamLog
  /** True for a generation that this instance runs: its log is here, whatever else is away. */
  isLocal: (generationId: string) => boolean
  /** The folded state of a generation this instance runs. */
  findLocalSnapshot: (generationId: string) => WriterSnapshot | null
  monotonicMs: () => number
}

/**
 * One viewer's way through an answer. It reads the log; where the log does not hold its place, or is away, it is given
 * states of the answer: the owner's own, else the checkpoints. It goes back to the log as soon as that holds its place.
 */
export class Follower {
  readonly request: FollowRequest
  readonly #deps: FollowerDeps
  readonly #viewer: FollowViewer
  #seq: number
  /** The state given last, while the viewer lives on states; null: the viewer's own, which nobody here knows. */
  #shown: FoldedMessage | null = null
  #leave: (() => void) | null = null
  #hasSeenTerminal = false
  #isOver = false
  #heardMs: number

  constructor(deps: FollowerDeps, request: FollowRequest, viewer: FollowViewer) {
    this.#deps = deps
    this.request = request
    this.#viewer = viewer
    this.#seq = request.afterSeq
    this.#heardMs = deps.monotonicMs()
  }

  get isOver(): boolean {
    return this.#isOver
  }

  get isOnLog(): boolean {
    return this.#leave !== null
  }

  /** How long nothing has come from the log. */
  get silentMs(): number {
    return this.#deps.monotonicMs() - this.#heardMs
  }

  /** False: the log does not hold the place, or is away. */
  async followLog(): Promise<boolean> {
    if (this.#deps.streamLog.isAway() && !this.#deps.isLocal(this.request.generationId)) return false
    const leave = await this.#deps.streamLog.subscribe(this.request.generationId, this.#seq, {
      onFrames: (frames) => this.#take(frames),
      onEnd: () => this.#endLog(),
    })
    if (!leave) return false
    this.#shown = null
    this.#heardMs = this.#deps.monotonicMs()
    if (this.#isOver) leave()
    else if (!this.#hasSeenTerminal) this.#leave = leave
    return true
  }

  /** Gives the state that the row holds, or the owner's own if it is here; from there on the log, if it can. */
  async followRow(row: GenerationRow): Promise<void> {
    if (this.#isOver) return
    if (row.delivery) {
      this.#endFrom(row)
      return
    }
    const local = this.#deps.findLocalSnapshot(row.id)
    const message = local?.message ?? row.checkpoint ?? emptyMessage
    this.#show(row, message, local?.seq ?? row.checkpointSeq)
    const shown = this.#shown
    if (!(await this.followLog())) this.#shown = shown
  }

  /** The shared log is away: on with checkpoints. What the viewer has is never taken back. */
  leaveLog(): void {
    this.#leave?.()
    this.#leave = null
  }

  /** The viewer went away. */
  stop(): void {
    this.#isOver = true
    this.leaveLog()
  }

  /** There is nothing more to show, ever. */
  end(): void {
    this.#finish('ended')
  }

  /** The process ends: whoever still watches must be told, or would wait on an open connection for ever. */
  cut(): void {
    this.#finish('cut')
  }

  #finish(why: FollowEnd): void {
    if (this.#isOver) return
    this.stop()
    this.#viewer.onEnd(why)
  }

  #take(frames: readonly LogFrame[]): void {
    const last = frames.at(-1)
    if (this.#isOver || !last) return
    this.#seq = last.seq
    this.#heardMs = this.#deps.monotonicMs()
    this.#hasSeenTerminal ||= last.isTerminal
    this.#viewer.onFrames(frames)
  }

  #endLog(): void {
    this.#leave = null
    // Without its terminal frame the log was replaced or has expired: the row knows how it goes on.
    if (this.#hasSeenTerminal) this.end()
  }

  #show(row: GenerationRow, message: FoldedMessage, seq: number): void {
    // At 0 the viewer has nothing yet and gets what there is, be it only the start.
    if (seq <= this.#seq && this.#seq > 0) return
    const frames = this.#shown ? toGrowthFrames(this.#shown, message, seq) : toSnapshotFrames(row, message, seq)
    this.#seq = seq
    this.#shown = message
    if (frames.length > 0) this.#viewer.onFrames(frames)
  }

  #endFrom(row: GenerationRow): void {
    const finalSeq = row.finalSeq ?? 0
    if (this.#seq < finalSeq) this.#viewer.onFrames(toStoredFrames(row, this.#shown))
    this.end()
  }
}
