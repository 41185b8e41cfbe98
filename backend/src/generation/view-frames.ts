import type { ChatEvent } from '@llmchat/protocol/chat-event'
import { emptyMessage, type FoldedMessage } from '@llmchat/protocol/fold-message'
import { unfoldGrowth, unfoldMessage } from '@llmchat/protocol/unfold-message'
import { toClosingEvents } from './finish-generation.ts'
import type { GenerationRow } from './generation-repository.ts'

/** One SSE frame for a viewer. Frames of a snapshot have no seq of their own but the last. */
export interface ViewFrame {
  seq: number | null
  data: string
}

function toFrames(events: readonly ChatEvent[], seq: number): ViewFrame[] {
  return events.map((event, index) => ({
    seq: index === events.length - 1 ? seq : null,
    data: JSON.stringify(event),
  }))
}

/** The whole answer so far, for a viewer whose place in the log is not there (any more, or now). */
export function toSnapshotFrames(row: GenerationRow, message: FoldedMessage, seq: number): ViewFrame[] {
  return toFrames(unfoldMessage(message, row.messageId, toMetadata(row)), seq)
}

/** From one state that the viewer was given to a later one. */
export function toGrowthFrames(before: FoldedMessage, after: FoldedMessage, seq: number): ViewFrame[] {
  return toFrames(unfoldGrowth(before, after), seq)
}

/** The end of an answer from its row. `shown`: the state that the viewer was given last; null: unknown. */
export function toStoredFrames(row: GenerationRow, shown: FoldedMessage | null): ViewFrame[] {
  const parts = row.parts ?? row.result?.parts ?? []
  const answeredBy = row.answeredBy ?? row.result?.answeredBy ?? null
  const message = { ...emptyMessage, parts, answeredBy, delivery: shown?.delivery ?? emptyMessage.delivery }
  const body = shown ? unfoldGrowth(shown, message) : unfoldMessage(message, row.messageId, toMetadata(row))
  return toFrames([...body, ...(toMissingClosing(row) ?? [])], row.finalSeq ?? 0)
}

/** The closing events of a finished row: what a log lacks whose owner died between the commit and the terminal event. */
export function toMissingClosing(row: GenerationRow): ChatEvent[] | null {
  const { delivery, usage, timing } = row
  if (!delivery || !usage || !timing || delivery.state === 'accepted' || delivery.state === 'streaming') return null
  return toClosingEvents(delivery, usage, timing)
}

function toMetadata(row: GenerationRow) {
  const { id: generationId, sessionId, parentId, agentId } = row
  return { generationId, sessionId, parentId, agentId }
}
