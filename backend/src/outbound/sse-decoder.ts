import { createParser } from 'eventsource-parser'

export interface SseEvent {
  /** The `event:` line; empty when there was none. */
  event: string
  data: string
  id: string | null
}

interface SseDecoder {
  /** Any cut of the text; gives the events that are complete now. Comments and events without data are left out. */
  push(text: string): SseEvent[]
  /** The text is over: gives out a last event that lacks its blank line, which several servers send. */
  end(): SseEvent[]
  /** True once an event grew beyond the limit; the decoder then gives nothing more. */
  hasOverflowed(): boolean
}

/** A bad upstream must not exhaust our memory. */
const maxEventCharacters = 8 * 1_048_576

/** Decodes server-sent events (WHATWG HTML), with LF, CRLF or CR line ends. */
export function createSseDecoder(options: { maxCharacters?: number } = {}): SseDecoder {
  // Only while text is pushed: a list that waits empty grows old, and what is put into it later with it.
  let events: SseEvent[] | null = null
  let isOverflowed = false
  const parser = createParser({
    maxBufferSize: options.maxCharacters ?? maxEventCharacters,
    onEvent(message) {
      if (message.data === '') return
      events?.push({ event: message.event ?? '', data: message.data, id: message.id ?? null })
    },
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') isOverflowed = true
    },
  })

  function push(text: string): SseEvent[] {
    if (isOverflowed) return []
    const complete: SseEvent[] = []
    events = complete
    parser.feed(text)
    events = null
    return complete
  }

  return { push, end: () => push('\n\n'), hasOverflowed: () => isOverflowed }
}
