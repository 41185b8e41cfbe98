import { createHash } from 'node:crypto'
import { AppError } from '../base/app-error.ts'

export interface Meter {
  bytes: AsyncIterable<Uint8Array>
  /** Of what has been read. */
  result(): { sizeBytes: number; sha256: string }
  /** What reading the source threw, or measuring it did; undefined: nothing. */
  failure(): unknown
}

/** Counts and hashes what passes. Errors while reading: `upload_too_large`; what the source throws; that it was given up. */
export function meter(
  source: AsyncIterable<Uint8Array>,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Meter {
  const hash = createHash('sha256')
  let sizeBytes = 0
  let failure: unknown

  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of source) {
        signal.throwIfAborted()
        sizeBytes += chunk.length
        if (sizeBytes > maxBytes) throw new AppError('upload_too_large', { details: { maxBytes } })
        hash.update(chunk)
        yield chunk
      }
      signal.throwIfAborted()
    } catch (error) {
      failure = error
      throw error
    }
  }

  return { bytes: read(), result: () => ({ sizeBytes, sha256: hash.digest('hex') }), failure: () => failure }
}
