import { isTerminalEvent } from '@llmchat/protocol/chat-event'
import type { ChatEvent, Delivery, TerminalEvent } from '@llmchat/protocol/chat-event'
import { emptyMessage, foldEvent } from '@llmchat/protocol/fold-message'
import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import { parseFrameId } from '@llmchat/protocol/frame-id'
import type { MessagePart } from '@llmchat/protocol/message-part'

/** How far one answer has been read from its stream. */
export interface AnswerProgress {
  /** Exactly what the log said up to `lastSeq`. */
  folded: FoldedMessage
  lastSeq: number
  /** A snapshot that is still arriving. It counts from its last frame on, the only one that has an id. */
  snapshot: FoldedMessage | null
  terminal: TerminalEvent | null
}

export const noProgress: AnswerProgress = { folded: emptyMessage, lastSeq: 0, snapshot: null, terminal: null }

/**
 * Takes one frame; one already taken changes nothing. A `start` without an id begins a snapshot: the log no longer
 * reaches back to where we were, or is kept elsewhere for now, so the snapshot may even be older than what we have.
 */
export function takeFrame(progress: AnswerProgress, frameId: string | null, event: ChatEvent): AnswerProgress {
  const seq = frameId === null ? null : (parseFrameId(frameId)?.seq ?? null)
  const base = event.type === 'start' ? emptyMessage : (progress.snapshot ?? progress.folded)
  const terminal = isTerminalEvent(event) ? event : progress.terminal
  if (seq === null) {
    const isSnapshot = event.type === 'start' || progress.snapshot !== null
    const folded = foldEvent(base, event)
    return isSnapshot ? { ...progress, snapshot: folded } : { ...progress, folded, terminal }
  }
  if (!progress.snapshot && seq <= progress.lastSeq) return progress
  return { folded: foldEvent(base, event), lastSeq: seq, snapshot: null, terminal }
}

/** To be called for each new connection: what was left of a snapshot when the last one broke off is worth nothing. */
export function dropSnapshot(progress: AnswerProgress): AnswerProgress {
  return progress.snapshot ? { ...progress, snapshot: null } : progress
}

/**
 * What to paint. While a replay has not yet caught up with what is on the screen (a reload shows the stored text first),
 * the screen stays: a shown token is never taken back.
 */
export function pickShown(shown: FoldedMessage | null, progress: AnswerProgress): FoldedMessage {
  const { folded, terminal } = progress
  if (terminal) return { ...folded, delivery: toFinalDelivery(folded.delivery, terminal) }
  return shown && measureParts(folded.parts) < measureParts(shown.parts) ? shown : folded
}

/** True once the answer has one of the four states that end it. */
export function isEnded(delivery: Delivery | null): boolean {
  return delivery !== null && delivery.state !== 'accepted' && delivery.state !== 'streaming'
}

function toFinalDelivery(delivery: Delivery, terminal: TerminalEvent): Delivery {
  if (isEnded(delivery)) return delivery
  if (terminal.type === 'finish') return { state: 'complete', finishReason: terminal.finishReason }
  if (terminal.type === 'abort') return { state: 'stopped' }
  return { state: 'failed', code: 'internal', message: terminal.errorText }
}

function measureParts(parts: readonly MessagePart[]): number {
  let size = parts.length
  for (const part of parts) if (part.type === 'text' || part.type === 'reasoning') size += part.text.length
  return size
}
