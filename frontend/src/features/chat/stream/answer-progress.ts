import { isTerminalEvent } from '@llmchat/protocol/chat-event'
import type { ChatEvent, Delivery, TerminalEvent } from '@llmchat/protocol/chat-event'
import { emptyMessage, foldEvent } from '@llmchat/protocol/fold-message'
import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import { parseFrameId } from '@llmchat/protocol/frame-id'
import type { MessagePart } from '@llmchat/protocol/message-part'

/** How far one answer has been read from its stream. */
export interface AnswerProgress {
  /** Exactly what the events said. */
  folded: FoldedMessage
  lastSeq: number
  /** The seq of the `start` frame last seen. A snapshot sends all of its frames under one seq. */
  startSeq: number
  terminal: TerminalEvent | null
}

export const noProgress: AnswerProgress = { folded: emptyMessage, lastSeq: 0, startSeq: 0, terminal: null }

/**
 * Takes one frame. A `start` begins the fold anew (the first view, or a snapshot when the log no longer reaches back to
 * where we were); a frame already taken changes nothing.
 */
export function takeFrame(progress: AnswerProgress, frameId: string | null, event: ChatEvent): AnswerProgress {
  const seq = frameId === null ? null : (parseFrameId(frameId)?.seq ?? null)
  if (event.type === 'start') {
    if (seq !== null && seq < progress.lastSeq) return progress
    return {
      folded: foldEvent(emptyMessage, event),
      lastSeq: seq ?? progress.lastSeq,
      startSeq: seq ?? progress.lastSeq,
      terminal: null,
    }
  }
  if (seq !== null && seq <= progress.lastSeq && seq !== progress.startSeq) return progress
  return {
    folded: foldEvent(progress.folded, event),
    lastSeq: seq ?? progress.lastSeq,
    startSeq: progress.startSeq,
    terminal: isTerminalEvent(event) ? event : progress.terminal,
  }
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
