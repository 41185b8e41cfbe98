import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { AppError } from '../../../backend/src/base/app-error.ts'
import type { FileStore } from '../../../backend/src/uploads/file-store.ts'
import { openFileStore } from '../../../backend/src/uploads/open-file-store.ts'
import { openS3Server } from '../../support/s3-server.ts'

interface Kind {
  name: string
  /** Another instance's. */
  open(): Promise<FileStore>
  /** Everything that lies there, finished or not. */
  countLeft(): Promise<number>
  breakDown(): Promise<void>
  close(): Promise<void>
}

async function countFiles(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).length
}

async function createFolderKind(): Promise<Kind> {
  const folder = await mkdtemp(join(tmpdir(), 'llmchat-store-'))
  return {
    name: 'folder',
    open: () => openFileStore({ kind: 'folder', folder }),
    countLeft: () => countFiles(folder),
    // A file where the folder was: nobody, root neither, can write below it.
    async breakDown() {
      await rm(folder, { recursive: true })
      const { writeFile } = await import('node:fs/promises')
      await writeFile(folder, '')
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

async function createS3Kind(): Promise<Kind> {
  const server = await openS3Server()
  return {
    name: 's3',
    open: () => openFileStore({ kind: 's3', ...server.config }),
    countLeft: () => server.countFiles(),
    breakDown: () => server.kill(),
    close: () => server.close(),
  }
}

const kinds = [await createFolderKind(), await createS3Kind()]

async function* pieces(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
  await Promise.resolve()
}

const never = new AbortController().signal
const maxBytes = 30 * 1024 * 1024

describe.each(kinds)('file store: $name', (kind) => {
  afterAll(() => kind.close())
  const opened = kind.open()

  async function read(store: FileStore, key: string): Promise<Buffer> {
    const chunks: Buffer[] = []
    for await (const chunk of await store.read(key)) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  }

  test.each([0, 1, 500_000, 20 * 1024 * 1024])('%i bytes come back as they were, elsewhere too', async (size) => {
    const store = await opened
    const key = randomUUID()
    const bytes = randomBytes(size)
    const put = await store.put(key, pieces(bytes), { maxBytes, signal: never })
    expect(put).toEqual({ sizeBytes: size, sha256: createHash('sha256').update(bytes).digest('hex') })
    const other = await kind.open()
    expect((await read(other, key)).equals(bytes)).toBe(true)
    expect(Buffer.from(await store.readAll(key)).equals(bytes)).toBe(true)
    other.close()
    await store.remove(key)
  })

  test.each([
    ['it is too large', () => pieces(randomBytes(9_000_000)), 'upload_too_large'],
    [
      'its source breaks',
      async function* broken() {
        yield* pieces(randomBytes(7_000_000))
        throw new AppError('conflict')
      },
      'conflict',
    ],
  ])('nothing is left where %s', async (_why, toSource, code) => {
    const store = await opened
    const before = await kind.countLeft()
    const key = randomUUID()
    const put = store.put(key, toSource(), { maxBytes: 8_000_000, signal: never })
    await expect(put).rejects.toMatchObject({ code })
    await expect(store.readAll(key)).rejects.toMatchObject({ code: 'upload_not_found' })
    expect(await kind.countLeft()).toBe(before)
  })

  test('nothing is left where the sender goes', async () => {
    const store = await opened
    const before = await kind.countLeft()
    const abort = new AbortController()
    async function* leaving(): AsyncGenerator<Uint8Array> {
      yield* pieces(randomBytes(7_000_000))
      abort.abort()
      yield randomBytes(10)
    }
    const key = randomUUID()
    await expect(store.put(key, leaving(), { maxBytes, signal: abort.signal })).rejects.toThrow()
    await expect(store.readAll(key)).rejects.toMatchObject({ code: 'upload_not_found' })
    expect(await kind.countLeft()).toBe(before)
  })

  test('what is removed is gone, and may be removed again', async () => {
    const store = await opened
    const key = randomUUID()
    await store.put(key, pieces(Buffer.from('x')), { maxBytes, signal: never })
    await store.remove(key)
    await expect(store.read(key)).rejects.toMatchObject({ code: 'upload_not_found' })
    await store.remove(key)
  })

  test('what another instance left half-written goes with its key', async () => {
    const store = await opened
    const before = await kind.countLeft()
    const key = randomUUID()
    let goOn: () => void = () => undefined
    const waiting = new Promise<void>((resolve) => (goOn = resolve))
    async function* hanging(): AsyncGenerator<Uint8Array> {
      yield* pieces(randomBytes(12_000_000))
      await waiting
    }
    const put = store.put(key, hanging(), { maxBytes, signal: never }).catch((error: unknown) => error)
    await expect.poll(() => kind.countLeft(), { timeout: 10_000 }).toBeGreaterThan(before)
    const other = await kind.open()
    // Of what is sent in parts, one may still be under way.
    await expect
      .poll(async () => {
        await other.remove(key)
        return kind.countLeft()
      })
      .toBe(before)
    other.close()
    goOn()
    expect(await put).toMatchObject({ code: 'file_store_unavailable' })
    expect(await kind.countLeft()).toBe(before)
  })

  test('what is no key of ours is no path', async () => {
    const store = await opened
    for (const key of ['../secret', '', 'a/b', `${randomUUID()}/..`]) {
      await expect(store.put(key, pieces(Buffer.from('x')), { maxBytes, signal: never })).rejects.toThrow('no key')
      await expect(store.readAll(key)).rejects.toThrow()
    }
  })

  test('it says when it is away', async () => {
    const store = await opened
    await store.check()
    const key = randomUUID()
    await store.put(key, pieces(Buffer.from('x')), { maxBytes, signal: never })
    await kind.breakDown()
    const away = { code: 'file_store_unavailable' }
    await expect(store.check()).rejects.toMatchObject(away)
    await expect(store.put(randomUUID(), pieces(Buffer.from('x')), { maxBytes, signal: never })).rejects.toMatchObject(
      away,
    )
    await expect(store.readAll(key)).rejects.toMatchObject(away)
    await expect(store.remove(key)).rejects.toMatchObject(away)
    store.close()
  }, 60_000)
})
