import { isTerminalEvent, type ChatEvent } from '@llmchat/protocol/chat-event'
import { foldEvents, type FoldedMessage } from '@llmchat/protocol/fold-message'
import type { ProviderPart, UpstreamIds } from '../providers/provider-part.ts'
import type { AppendOutcome, AppendRequest, LogFrame } from '../stream-log/stream-log.ts'
import { pushCoalesced } from './coalesce-events.ts'
import { closeOpenParts, createOpenParts, mapProviderPart } from './map-provider-parts.ts'
import { isOtherRun } from './owner-note.ts'

/** The folded answer up to `seq` and what the upstream called it then, all taken in the same synchronous block. */
export interface WriterSnapshot {
  generationId: string
  fence: number
  seq: number
  message: FoldedMessage
  upstream: UpstreamIds
}

interface WriterOptions {
  generationId: string
  fence: number
  baseSeq: number
  /** What the log before `baseSeq` folds to. */
  message: FoldedMessage
  upstream: UpstreamIds
  /** Asks for a flush at the end of this turn of the event loop. */
  onDirty: (writer: GenerationWriter) => void
}

/**
 * Numbers the events of one generation and hands them to the log in order. At most one append is under way: the next
 * waits for its acknowledgement, so that `expectedLastSeq` is always known.
 */
export class GenerationWriter {
  readonly generationId: string
  readonly fence: number
  private readonly onDirty: (writer: GenerationWriter) => void
  private readonly open
  /** Null while there is nothing: a list that waits empty grows old, and what is put into it later with it. */
  private pending: ChatEvent[] | null = null
  private pendingUpstream: UpstreamIds
  private notedUpstream: UpstreamIds
  private inFlight: { events: ChatEvent[]; lastSeq: number; upstream: UpstreamIds } | null = null
  private ackedSeq: number
  private ackedMessage: FoldedMessage
  private ackedUpstream: UpstreamIds
  private unfolded: ChatEvent[] = []
  private waiters: (() => void)[] = []
  private refused = false

  constructor(options: WriterOptions) {
    this.generationId = options.generationId
    this.fence = options.fence
    this.onDirty = options.onDirty
    this.ackedSeq = options.baseSeq
    this.ackedMessage = options.message
    this.ackedUpstream = options.upstream
    this.pendingUpstream = options.upstream
    this.notedUpstream = options.upstream
    this.open = createOpenParts(options.message, options.baseSeq + 1)
  }

  get isSuperseded(): boolean {
    return this.refused
  }

  get lastSeq(): number {
    return this.ackedSeq
  }

  write(event: ChatEvent): void {
    this.push(event)
    this.onDirty(this)
  }

  /** `upstream`: its ids and position once these parts are shown; a checkpoint never runs ahead of the log. */
  writeParts(parts: readonly ProviderPart[], upstream: UpstreamIds): void {
    this.pendingUpstream = upstream
    for (const part of parts) for (const event of mapProviderPart(this.open, part)) this.push(event)
    if (this.pending) this.onDirty(this)
    else if (!this.inFlight) this.ackedUpstream = upstream
  }

  private push(event: ChatEvent): void {
    this.pending ??= []
    pushCoalesced(this.pending, event)
  }

  closeParts(status: 'done' | 'stopped' | 'failed'): void {
    for (const event of closeOpenParts(this.open, status)) this.write(event)
  }

  /** The next append, or null when there is nothing to send or one is under way. */
  takeAppend(): AppendRequest | null {
    if (this.inFlight || !this.pending || this.refused) return null
    const events = this.pending
    this.pending = null
    let seq = this.ackedSeq
    const frames = events.map((event): LogFrame => {
      seq += 1
      return { seq, data: JSON.stringify(event), isTerminal: isTerminalEvent(event) }
    })
    const last = frames.at(-1)
    if (last && isOtherRun(this.notedUpstream, this.pendingUpstream)) {
      last.ownerNote = JSON.stringify(this.pendingUpstream)
      this.notedUpstream = this.pendingUpstream
    }
    this.inFlight = { events, lastSeq: seq, upstream: this.pendingUpstream }
    return { generationId: this.generationId, fence: this.fence, expectedLastSeq: this.ackedSeq, frames }
  }

  acknowledge(outcome: AppendOutcome): void {
    const sent = this.inFlight
    this.inFlight = null
    if (outcome === 'refused') {
      this.refused = true
    } else if (sent) {
      this.ackedSeq = sent.lastSeq
      this.ackedUpstream = sent.upstream
      for (const event of sent.events) this.unfolded.push(event)
      if (this.pending) this.onDirty(this)
    }
    if (this.refused || !this.pending) for (const wake of this.waiters.splice(0)) wake()
  }

  /** Resolves when all that was written is in the log, or the fence was refused. */
  flushed(): Promise<void> {
    if (this.refused || (!this.pending && !this.inFlight)) return Promise.resolve()
    return new Promise((resolve) => this.waiters.push(resolve))
  }

  snapshot(): WriterSnapshot {
    // Folding is put off until somebody asks: a fold per flush would copy the parts for nothing.
    if (this.unfolded.length > 0) {
      this.ackedMessage = foldEvents(this.ackedMessage, this.unfolded)
      this.unfolded = []
    }
    const { generationId, fence } = this
    return { generationId, fence, seq: this.ackedSeq, message: this.ackedMessage, upstream: this.ackedUpstream }
  }
}
