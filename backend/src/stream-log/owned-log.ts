import type { LogSeat } from './log-seat.ts'
import type { LogEntry } from './log-entry.ts'
import { maxLogBytes, type AppendRequest, type LogFrame, type LogState } from './stream-log.ts'

/** A large answer is brought back in pieces, so that one script call stays short. */
const maxFramesPerAppend = 1000

/**
 * What an owner holds of one of its generations: the frames that Redis may lack, or that no checkpoint has yet. While
 * Redis does not take appends this is the log.
 */
export class OwnedLog {
  readonly generationId: string
  readonly fence: number
  readonly seats = new Set<LogSeat>()
  /** Redis lacks something of it, or may lack it. */
  isBehind = false
  /** Has been written since somebody last asked. */
  isActive = true
  /** An append is on its way to Redis: what Redis says meanwhile may already count it. */
  isSending = false
  /** What was asked for while it was behind. */
  ttlMs: number | null = null
  /** Up to here it is in Redis for certain. */
  ackedSeq: number
  private frames: LogFrame[] = []
  private heldAfter: number
  private heldBytes = 0
  private bytesSinceTrim = 0
  private closed = false

  constructor(generationId: string, fence: number, baseSeq: number) {
    this.generationId = generationId
    this.fence = fence
    this.heldAfter = baseSeq
    this.ackedSeq = baseSeq
  }

  /** The frames after this seq are held. */
  get heldAfterSeq(): number {
    return this.heldAfter
  }

  get lastSeq(): number {
    return this.heldAfter + this.frames.length
  }

  get isClosed(): boolean {
    return this.closed
  }

  takes(request: AppendRequest): boolean {
    return !this.closed && request.fence === this.fence && request.expectedLastSeq === this.lastSeq
  }

  keep(frames: readonly LogFrame[]): void {
    for (const frame of frames) {
      this.frames.push(frame)
      this.heldBytes += frame.data.length
      this.bytesSinceTrim += frame.data.length
    }
    this.isActive = true
    if (frames.at(-1)?.isTerminal === true) this.closed = true
  }

  /** Shows its viewers what they have not seen. */
  show(entry: LogEntry): void {
    for (const seat of this.seats) if (seat.offer(entry) === 'at-end') this.endSeat(seat)
  }

  seat(seat: LogSeat): void {
    this.seats.add(seat)
    seat.onLeave = () => this.seats.delete(seat)
  }

  endSeat(seat: LogSeat): void {
    this.seats.delete(seat)
    seat.end('ended')
  }

  /** Null: outside what is held. */
  readHeld(afterSeq: number): LogFrame[] | null {
    if (afterSeq < this.heldAfter || afterSeq > this.lastSeq) return null
    return this.frames.slice(afterSeq - this.heldAfter)
  }

  /** The next piece that Redis lacks; null when it has all. */
  toMissingAppend(): AppendRequest | null {
    const from = this.ackedSeq - this.heldAfter
    const frames = this.frames.slice(from, from + maxFramesPerAppend)
    if (from < 0 || frames.length === 0) return null
    return { generationId: this.generationId, fence: this.fence, expectedLastSeq: this.ackedSeq, frames }
  }

  /**
   * A checkpoint holds all up to `seq`: what Redis has too may go. Of a log that is behind all is kept, because Redis
   * may come back empty; unless it has grown too large, then it will begin at the checkpoint there.
   */
  forget(seq: number): void {
    const upTo = Math.min(seq, this.isBehind ? this.lastSeq : this.ackedSeq)
    if (upTo <= this.heldAfter || (this.isBehind && this.heldBytes <= maxLogBytes)) return
    for (const frame of this.frames.splice(0, upTo - this.heldAfter)) this.heldBytes -= frame.data.length
    this.heldAfter = upTo
  }

  /** Whether so much was written since the last time that the log in Redis may want trimming. */
  takesTrim(): boolean {
    if (this.isBehind || this.bytesSinceTrim < maxLogBytes / 4) return false
    this.bytesSinceTrim = 0
    return true
  }

  toState(): LogState {
    return { fence: this.fence, firstSeq: this.heldAfter + 1, lastSeq: this.lastSeq, isClosed: this.closed }
  }
}
