import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'

/**
 * The thread PGlite runs in: a query of a second would otherwise stop the event loop for a second. It takes whole
 * messages of PostgreSQL's wire protocol and answers each with the server's bytes. `close` ends it in order. With the
 * task `create` it makes an empty database and ends.
 */

/** The defaults take twice the memory; there is one connection and little data. */
const SERVER_SETTINGS = ['shared_buffers=16MB', 'wal_buffers=1MB', 'max_connections=5', 'max_wal_size=64MB']

interface Work {
  folder: string
  task: 'create' | 'serve'
}

function openFolder(folder: string): Promise<PGlite> {
  return PGlite.create({ dataDir: folder, extensions: { pg_trgm }, postgresqlconf: SERVER_SETTINGS })
}

async function serve(port: MessagePort, folder: string): Promise<void> {
  const database = await openFolder(folder)

  async function close(): Promise<void> {
    await database.close()
    port.close()
  }

  port.on('message', (message: unknown) => {
    if (message === 'close') {
      void close()
      return
    }
    if (!(message instanceof Uint8Array)) throw new Error('the database thread takes bytes only')
    // A copy, because the answer is a view into memory that the next statement overwrites.
    const answer = database.execProtocolRawSync(message).slice()
    port.postMessage(answer, [answer.buffer])
  })
  port.postMessage('ready')
}

function isWork(data: unknown): data is Work {
  return typeof data === 'object' && data !== null && 'folder' in data && 'task' in data
}

const work: unknown = workerData
if (parentPort === null || !isWork(work)) throw new Error('this file is the database thread and nothing else')
if (work.task === 'serve') {
  await serve(parentPort, work.folder)
} else {
  const fresh = await openFolder(work.folder)
  await fresh.close()
}
