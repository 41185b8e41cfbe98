import type { Readable } from 'node:stream'
import { AppError } from '../base/app-error.ts'

/**
 * Bytes by a key that we made. What is put becomes readable as a whole or not at all. Errors of all: `file_store_unavailable`.
 */
export interface FileStore {
  /** Errors: `upload_too_large`; what the source throws. Nothing is left behind then. `sha256`: hex. */
  put(
    key: string,
    source: AsyncIterable<Uint8Array>,
    options: { maxBytes: number; signal: AbortSignal },
  ): Promise<{ sizeBytes: number; sha256: string }>
  /** Errors: `upload_not_found`. */
  read(key: string): Promise<Readable>
  /** Errors: `upload_not_found`. */
  readAll(key: string): Promise<Uint8Array>
  /** Also where there is none. */
  remove(key: string): Promise<void>
  /** Throws where it cannot be written to. */
  check(): Promise<void>
  close(): void
}

const keyPattern = /^[0-9a-f-]{36}$/

/** A key becomes part of a path. */
export function assertKey(key: string): void {
  if (!keyPattern.test(key)) throw new Error('this is no key of a file store')
}

export function toStoreError(cause: unknown): AppError {
  return cause instanceof AppError ? cause : new AppError('file_store_unavailable', { cause })
}
