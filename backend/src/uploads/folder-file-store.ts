import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../base/app-error.ts'
import { assertKey, toStoreError, type FileStore } from './file-store.ts'
import { meter } from './meter.ts'

/** What lies half-written for so long belongs to a process that ended in the middle. */
const staleMs = 24 * 3_600_000

/** Files in a folder, that several instances may share. Half-written ones lie in `tmp` and come to their place when whole. */
export function createFolderFileStore(folder: string): FileStore {
  const unfinished = join(folder, 'tmp')

  function toPath(key: string): string {
    assertKey(key)
    return join(folder, key.slice(-2), key)
  }

  async function write(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    await mkdir(unfinished, { recursive: true, mode: 0o700 })
    const file = await open(path, 'wx', 0o600)
    try {
      for await (const chunk of bytes) await file.write(chunk)
      await file.sync()
    } finally {
      await file.close()
    }
  }

  async function removeStale(): Promise<void> {
    for (const name of await readdir(unfinished)) {
      const path = join(unfinished, name)
      const { mtimeMs } = await stat(path)
      if (Date.now() - mtimeMs > staleMs) await rm(path, { force: true })
    }
  }

  return {
    async put(key, source, options) {
      const path = toPath(key)
      const halfway = join(unfinished, key)
      const metered = meter(source, options)
      try {
        await write(halfway, metered.bytes)
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await rename(halfway, path)
        return metered.result()
      } catch (error) {
        await rm(halfway, { force: true }).catch(() => undefined)
        throw error === metered.failure() ? error : toStoreError(error)
      }
    },
    async read(key) {
      try {
        const file = await open(toPath(key))
        return createReadStream('', { fd: file })
      } catch (error) {
        throw toReadError(error)
      }
    },
    async readAll(key) {
      try {
        return await readFile(toPath(key))
      } catch (error) {
        throw toReadError(error)
      }
    },
    async remove(key) {
      try {
        await rm(toPath(key), { force: true })
        // Left by a process that ended in the middle.
        await rm(join(unfinished, key), { force: true })
      } catch (error) {
        throw toStoreError(error)
      }
    },
    async check() {
      try {
        await mkdir(unfinished, { recursive: true, mode: 0o700 })
        await removeStale()
        const probe = join(unfinished, `check-${process.pid}`)
        await (await open(probe, 'w', 0o600)).close()
        // Another instance's may have the same name.
        await rm(probe, { force: true })
      } catch (error) {
        throw toStoreError(error)
      }
    },
    close() {
      // A folder needs no closing.
    },
  }
}

function toReadError(error: unknown): AppError {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  return isMissing ? new AppError('upload_not_found', { cause: error }) : toStoreError(error)
}
