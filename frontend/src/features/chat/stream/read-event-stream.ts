import type { ChatEvent } from '@llmchat/protocol/chat-event'
import { createEventStreamDecoder } from './event-stream-decoder.ts'

/** `frameId` is `<generationId>:<seq>`, the value to resume after; null on frames that carry none. */
export type StreamItem =
  { type: 'event'; frameId: string | null; event: ChatEvent } | { type: 'retry'; retryMs: number } | { type: 'done' }

export interface ReadEventStreamOptions {
  /** Ends the reading: the body is cancelled and the iteration finishes without an error. */
  signal: AbortSignal
  /** Called for every piece that arrives, comments too: the sign of life a watchdog needs. */
  onBytes: () => void
}

/**
 * The frames of an answer's event stream, until the body ends. What is no JSON object with a `type` is skipped, and types
 * unknown to this build pass through for the fold to ignore: a tab opened before an upgrade must survive it.
 */
export async function* readEventStream(
  body: ReadableStream<Uint8Array>,
  { signal, onBytes }: ReadEventStreamOptions,
): AsyncGenerator<StreamItem> {
  const reader = body.getReader()
  const cancel = () => void reader.cancel().catch(() => undefined)
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  const textDecoder = new TextDecoder()
  const decoder = createEventStreamDecoder()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      onBytes()
      for (const block of decoder.push(textDecoder.decode(value, { stream: true }))) {
        if (block.retryMs !== null) yield { type: 'retry', retryMs: block.retryMs }
        if (block.data === '[DONE]') yield { type: 'done' }
        const event = parseEvent(block.data)
        if (event) yield { type: 'event', frameId: block.id, event }
      }
    }
  } finally {
    signal.removeEventListener('abort', cancel)
    cancel()
  }
}

function parseEvent(data: string): ChatEvent | null {
  if (!data.startsWith('{')) return null
  try {
    const value: unknown = JSON.parse(data)
    return isEvent(value) ? value : null
  } catch {
    return null
  }
}

function isEvent(value: unknown): value is ChatEvent {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
