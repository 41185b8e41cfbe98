import type { LogEntry } from './log-entry.ts'
import type { LogFrame, LogViewer, ViewEnd } from './stream-log.ts'

/** What became of a seat that was offered an entry. */
export type SeatOutcome = 'at-end' | 'gap' | 'watching'

/**
 * One viewer and the seq it has reached. It may be moved (from a remote log to the log of this instance, and back) and
 * keeps its place; whoever has it at the moment sets `onLeave`.
 */
export class LogSeat {
  private readonly viewer: LogViewer
  private reached: number
  private isOver = false
  onLeave: () => void = () => undefined

  constructor(viewer: LogViewer, afterSeq: number) {
    this.viewer = viewer
    this.reached = afterSeq
  }

  get reachedSeq(): number {
    return this.reached
  }

  /** Shows what the viewer has not seen of it. `gap`: there is something between, which must be read first. */
  offer(entry: LogEntry): SeatOutcome {
    if (this.isOver) return 'at-end'
    if (entry.afterSeq > this.reached) return 'gap'
    const fresh = this.reached === entry.afterSeq ? entry.frames : entry.frames.slice(this.reached - entry.afterSeq)
    if (fresh.length > 0) this.show(fresh)
    return fresh.at(-1)?.isTerminal === true ? 'at-end' : 'watching'
  }

  private show(frames: readonly LogFrame[]): void {
    this.reached += frames.length
    this.viewer.onFrames(frames)
  }

  end(why: ViewEnd): void {
    if (this.isOver) return
    this.isOver = true
    this.viewer.onEnd(why)
  }

  leave(): void {
    if (this.isOver) return
    this.isOver = true
    this.onLeave()
  }
}
