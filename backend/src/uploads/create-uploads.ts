import type { Readable } from 'node:stream'
import type { Upload } from '@llmchat/protocol/api/upload-schema'
import { AppError } from '../base/app-error.ts'
import type { CreateId } from '../base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/database.ts'
import * as repository from './attachment-repository.ts'
import { detectContent } from './detect-content.ts'
import type { FileStore } from './file-store.ts'
import { toSafeName } from './to-safe-name.ts'
import { watchContent } from './watch-content.ts'

export interface ReceivedUpload {
  userId: string
  /** As the sender calls it. */
  name: string
  /** What the sender says of its size; null: nothing. */
  declaredBytes: number | null
  bytes: AsyncIterable<Uint8Array>
  /** Fires when the sender is gone. */
  signal: AbortSignal
}

export interface Uploads {
  /** Errors: `upload_empty`, `upload_too_large`, `upload_type_refused`, `upload_space_full`, `file_store_unavailable`. */
  receive(received: ReceivedUpload): Promise<Upload>
  /** Errors: `upload_not_found`, also where it is somebody else's. */
  open(userId: string, id: string): Promise<{ upload: Upload; sha256: string; read: () => Promise<Readable> }>
  /** In the order of `ids`. Errors: `upload_not_found`. */
  getAll(userId: string, ids: readonly string[]): Promise<Upload[]>
  /** Of a message that was accepted, whose it is is known. Errors: `upload_not_found`, `file_store_unavailable`. */
  readBytes(id: string): Promise<Uint8Array>
  /** Errors: `upload_not_found`, `upload_in_use`. */
  remove(userId: string, id: string): Promise<void>
  /** Deletes what was never sent, and the bytes of whatever was deleted. */
  sweep(): Promise<void>
}

interface UploadsDeps {
  database: Database
  store: FileStore
  createId: CreateId
  logger: Logger
}

/** What was uploaded and never sent is kept for so long. */
const unusedHours = 24
const removalsAtOnce = 200

export function createUploads(deps: UploadsDeps, config: Config['uploads']): Uploads {
  const { store, createId, logger } = deps

  async function put(received: ReceivedUpload, id: string, storeKey: string): Promise<Upload> {
    const watched = watchContent(received.bytes)
    const { signal } = received
    const { sizeBytes, sha256 } = await store.put(storeKey, watched.bytes, { maxBytes: config.maxFileBytes, signal })
    if (sizeBytes === 0) throw new AppError('upload_empty')
    const content = await detectContent(watched.sample(), watched.isText())
    if (content === null) throw new AppError('upload_type_refused')
    const stored = await repository.finishUpload(deps, id, { sizeBytes, sha256, content })
    if (stored === null) throw new AppError('upload_not_found')
    return stored.upload
  }

  /**
   * The row's going has the next sweep remove its bytes. Where the row went before them, as its owner was erased, that sweep
   * may be over: so that they are removed here as well. With the database away the row is forgotten after a day.
   */
  async function drop(id: string, storeKey: string): Promise<void> {
    try {
      await repository.dropUpload(deps, id)
      await store.remove(storeKey)
    } catch (cause) {
      logger.warn({ err: cause }, 'an upload that failed could not be dropped')
    }
  }

  async function getStored(userId: string, id: string): Promise<repository.StoredUpload> {
    const [stored] = await repository.listUploads(deps, userId, [id])
    if (!stored) throw new AppError('upload_not_found')
    return stored
  }

  return {
    async receive(received) {
      const { userId, declaredBytes } = received
      if (declaredBytes !== null && declaredBytes > config.maxFileBytes) throw new AppError('upload_too_large')
      const id = createId()
      const storeKey = createId()
      const sizeBytes = declaredBytes ?? config.maxFileBytes
      const reservation = { id, userId, storeKey, name: toSafeName(received.name), sizeBytes }
      if (!(await repository.reserveUpload(deps, { ...reservation, maxUserBytes: config.maxBytesPerUser })))
        throw new AppError('upload_space_full', { details: { maxBytes: config.maxBytesPerUser } })
      try {
        return await put(received, id, storeKey)
      } catch (error) {
        await drop(id, storeKey)
        throw error
      }
    },
    async open(userId, id) {
      const { upload, sha256, storeKey } = await getStored(userId, id)
      return { upload, sha256, read: () => store.read(storeKey) }
    },
    async getAll(userId, ids) {
      const found = await repository.listUploads(deps, userId, ids)
      if (found.length !== ids.length) throw new AppError('upload_not_found')
      return found.map(({ upload }) => upload)
    },
    async readBytes(id) {
      const storeKey = await repository.findStoreKey(deps, id)
      if (storeKey === null) throw new AppError('upload_not_found')
      return store.readAll(storeKey)
    },
    async remove(userId, id) {
      if (await repository.deleteUnusedUpload(deps, userId, id)) return
      await getStored(userId, id)
      throw new AppError('upload_in_use')
    },
    async sweep() {
      await repository.deleteUnused(deps, unusedHours)
      for (const storeKey of await repository.listRemovals(deps, removalsAtOnce)) {
        await store.remove(storeKey)
        await repository.forgetRemoval(deps, storeKey)
      }
    },
  }
}
