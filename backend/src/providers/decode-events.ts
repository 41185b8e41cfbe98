import { createSseDecoder, type SseEvent } from '../outbound/sse-decoder.ts'
import { toFailurePart } from './provider-failure.ts'
import type { ProviderDecoder } from './provider-adapter.ts'
import type { ProviderPart } from './provider-part.ts'

export type EmitPart = (part: ProviderPart) => void

/** What a provider makes of its events. */
export interface EventReader {
  /** False when the event's data is unreadable. */
  read(event: SseEvent, emit: EmitPart): boolean
  /** After the events of one piece of text, for what is worth telling once per piece. */
  afterPiece?(emit: EmitPart): void
  /** The response ended. */
  end?(emit: EmitPart): void
  isFinished(): boolean
}

/** Text and reasoning that follow each other become one part: each part costs a log entry and a frame later on. */
function appendPart(parts: ProviderPart[], part: ProviderPart): void {
  if (part.type !== 'text' && part.type !== 'reasoning') {
    parts.push(part)
    return
  }
  if (part.delta === '') return
  const last = parts.at(-1)
  if (last?.type === part.type) last.delta += part.delta
  else parts.push({ ...part })
}

/** Puts an event reader on server-sent events. Nothing follows a failure; `finish` comes at most once. */
export function createEventDecoder(reader: EventReader): ProviderDecoder {
  const sse = createSseDecoder()
  let hasFailed = false
  let hasFinished = false
  /** Only while text is read, as the list in the decoder of events. */
  let parts: ProviderPart[] | null = null

  function emit(part: ProviderPart): void {
    if (hasFailed) return
    if (part.type === 'failure') {
      // What goes wrong after the success marker takes nothing back.
      if (hasFinished) return
      hasFailed = true
    }
    if (part.type === 'finish') {
      if (hasFinished) return
      hasFinished = true
    }
    parts ??= []
    appendPart(parts, part)
  }

  function readAll(events: readonly SseEvent[], isRest: boolean): void {
    for (const event of events) {
      if (hasFailed || reader.isFinished()) return
      // An unreadable rest at the end of the response is a cut event, not a wrong one.
      if (!reader.read(event, emit) && !isRest) {
        emit(toFailurePart('upstream_bad_response', { message: 'The agent sent an event that is not valid JSON.' }))
      }
    }
  }

  function takeParts(): ProviderPart[] {
    reader.afterPiece?.(emit)
    const taken = parts
    parts = null
    return taken ?? []
  }

  return {
    push(text) {
      readAll(sse.push(text), false)
      if (sse.hasOverflowed()) {
        emit(toFailurePart('upstream_bad_response', { message: 'The agent sent an event that is too large.' }))
      }
      return takeParts()
    },
    end() {
      readAll(sse.end(), true)
      if (!hasFailed) reader.end?.(emit)
      return takeParts()
    },
    isFinished: () => hasFailed || reader.isFinished(),
  }
}
