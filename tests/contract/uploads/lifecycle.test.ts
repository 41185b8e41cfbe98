import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '../../../backend/src/base/app-error.ts'
import { createUuidV7 } from '../../../backend/src/base/ids.ts'
import type { Database } from '../../../backend/src/db/database.ts'
import { deleteSession } from '../../../backend/src/chat/delete-session.ts'
import { writeAccepted } from '../../../backend/src/chat/write-accepted.ts'
import { createUploads } from '../../../backend/src/uploads/create-uploads.ts'
import type { FileStore } from '../../../backend/src/uploads/file-store.ts'
import { createFolderFileStore } from '../../../backend/src/uploads/folder-file-store.ts'
import { openTestDatabase, type Engine } from '../../support/open-test-database.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const limits = { maxFileBytes: 1_000, maxFiles: 3, maxBytesPerUser: 10_000, maxTextChars: 1_000 }
const userId = 'u1'

const opened: [Engine, Database][] = []
const closers: (() => Promise<void>)[] = []
for (const engine of ['pglite', 'postgres'] as const) {
  const store = await openTestDatabase(engine)
  if (store === null) continue
  opened.push([engine, store.database])
  closers.push(() => store.close())
}
afterAll(async () => {
  for (const close of closers) await close()
})

describe.each(opened)('files, with their rows in %s', (_engine, database) => {
  let folder: string
  let store: FileStore
  const folders: string[] = []
  afterAll(async () => {
    for (const one of folders) await rm(one, { recursive: true, force: true })
  })
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'llmchat-lifecycle-'))
    folders.push(folder)
    store = createFolderFileStore(folder)
    await database.kysely.deleteFrom('users').execute()
    await database.kysely.deleteFrom('upload_removals').execute()
    await database.kysely
      .insertInto('users')
      .values({ id: userId, email: 'u@example.com', name: 'U', password_hash: null, role: 'member' })
      .execute()
  })

  function open(fileStore = store) {
    const deps = { database, store: fileStore, createId: createUuidV7, logger: silentLogger }
    return createUploads(deps, { ...limits, store: { kind: 'folder', folder } })
  }

  async function* toBytes(text: string): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text)
    await Promise.resolve()
  }

  async function* toFull(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(1_000, 'a')
    await Promise.resolve()
  }

  function put(uploads = open()) {
    const signal = new AbortController().signal
    return uploads.receive({ userId, name: 'a.txt', declaredBytes: null, bytes: toBytes('words'), signal })
  }

  async function countBytes(): Promise<number> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).length
  }

  async function countRows(): Promise<number> {
    return (await database.kysely.selectFrom('attachments').select('id').execute()).length
  }

  async function send(sessionId: string, fileId: string): Promise<void> {
    const file = { id: fileId, name: 'a.txt', mediaType: 'text/plain', kind: 'text', sizeBytes: 5 } as const
    const written = await writeAccepted(
      { database },
      {
        userId,
        sessionId,
        agent: { id: 'a', name: 'A' },
        question: { id: randomUUID(), text: 'why', files: [file], parentId: null },
        answerId: randomUUID(),
        answerParentId: randomUUID(),
        generationId: randomUUID(),
        ownerInstance: 'i',
        expectedLeafId: null,
      },
    )
    expect(written.isWritten).toBe(true)
  }

  async function grow(hours: number): Promise<void> {
    await database.query(
      {
        name: 'test-grow-old',
        text: 'UPDATE attachments SET created_at = created_at - make_interval(hours => $1::int)',
      },
      [hours],
    )
  }

  test('what is never sent goes after a day, not before', async () => {
    await put()
    await grow(23)
    await open().sweep()
    expect([await countRows(), await countBytes()]).toEqual([1, 1])
    await grow(2)
    await open().sweep()
    expect([await countRows(), await countBytes()]).toEqual([0, 0])
  })

  test('what was sent stays, however old, until its last message goes', async () => {
    const { id } = await put()
    await send('s1', id)
    await send('s2', id)
    await grow(1_000)
    await open().sweep()
    expect([await countRows(), await countBytes()]).toEqual([1, 1])
    await deleteSession({ database }, userId, 's1')
    expect(await countRows()).toBe(1)
    await deleteSession({ database }, userId, 's2')
    expect([await countRows(), await countBytes()]).toEqual([0, 1])
    await open().sweep()
    expect(await countBytes()).toBe(0)
  })

  test('with a person their bytes go', async () => {
    await put()
    await database.kysely.deleteFrom('users').where('id', '=', userId).execute()
    await open().sweep()
    expect([await countRows(), await countBytes()]).toEqual([0, 0])
  })

  test('an instance that dies before the bytes are whole leaves nothing for ever', async () => {
    const dying: FileStore = { ...store, put: () => new Promise(() => undefined) }
    void put(open(dying))
    await expect.poll(countRows).toBe(1)
    await grow(25)
    await open().sweep()
    expect(await countRows()).toBe(0)
  })

  test('nor one that dies after them', async () => {
    let isStored = false
    const dying: FileStore = {
      ...store,
      async put(...args) {
        await store.put(...args)
        isStored = true
        return new Promise(() => undefined)
      },
    }
    void put(open(dying))
    await expect.poll(() => isStored).toBe(true)
    expect(await countBytes()).toBe(1)
    await grow(25)
    await open().sweep()
    expect([await countRows(), await countBytes()]).toEqual([0, 0])
  })

  test('of many that come at once as many pass as there is room for', async () => {
    const declaredBytes = 1_000
    const puts = Array.from({ length: 14 }, () => {
      const signal = new AbortController().signal
      return open().receive({ userId, name: 'a.txt', declaredBytes, bytes: toFull(), signal })
    })
    const ends = await Promise.allSettled(puts)
    const refused = ends.filter((end) => end.status === 'rejected').map((end): unknown => end.reason)
    expect(refused).toHaveLength(4)
    for (const reason of refused) expect(reason).toMatchObject({ code: 'upload_space_full' })
    expect(await countBytes()).toBe(10)
  })

  test('a person who is erased while their file comes in leaves nothing', async () => {
    // Everything that remembers these bytes is gone before they are stored.
    const late: FileStore = {
      ...store,
      async put(...args) {
        await database.kysely.deleteFrom('users').where('id', '=', userId).execute()
        await open().sweep()
        return store.put(...args)
      },
    }
    await expect(put(open(late))).rejects.toMatchObject({ code: 'upload_not_found' })
    expect([await countRows(), await countBytes()]).toEqual([0, 0])
  })

  test('bytes that cannot be deleted now are deleted later', async () => {
    const { id } = await put()
    await open().remove(userId, id)
    const away: FileStore = { ...store, remove: () => Promise.reject(new AppError('file_store_unavailable')) }
    await expect(open(away).sweep()).rejects.toMatchObject({ code: 'file_store_unavailable' })
    expect(await countBytes()).toBe(1)
    await open().sweep()
    expect(await countBytes()).toBe(0)
  })

  test('a message with a file that is gone meanwhile is not written at all', async () => {
    await expect(send('s1', randomUUID())).rejects.toMatchObject({ code: '23503' })
    expect(await database.kysely.selectFrom('chat_sessions').select('id').execute()).toEqual([])
  })
})
