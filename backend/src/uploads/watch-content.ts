import { sampleBytes } from './detect-content.ts'

export interface WatchedContent {
  /** The same bytes; whoever reads them also fills the rest. */
  bytes: AsyncIterable<Uint8Array>
  /** The beginning of what was read. */
  sample(): Uint8Array
  /** Whether all that was read is UTF-8 without a NUL. */
  isText(): boolean
}

/** Looks at bytes on their way to the store, so that a file is read once and never held as a whole. */
export function watchContent(source: AsyncIterable<Uint8Array>): WatchedContent {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const head: Uint8Array[] = []
  let headBytes = 0
  let isText = true

  function look(chunk: Uint8Array): void {
    if (headBytes < sampleBytes) {
      head.push(chunk.subarray(0, sampleBytes - headBytes))
      headBytes += Math.min(chunk.length, sampleBytes - headBytes)
    }
    if (!isText) return
    isText = !chunk.includes(0) && isDecodable(() => decoder.decode(chunk, { stream: true }))
  }

  async function* read(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      look(chunk)
      yield chunk
    }
    // A character that was begun and never ended.
    isText = isText && isDecodable(() => decoder.decode())
  }

  return { bytes: read(), sample: () => Buffer.concat(head), isText: () => isText }
}

function isDecodable(decode: () => string): boolean {
  try {
    decode()
    return true
  } catch {
    return false
  }
}
