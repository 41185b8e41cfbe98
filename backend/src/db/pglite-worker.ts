import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'

/**
 * The thread PGlite runs in: a query of a second would otherwise stop the event loop for a second. It takes whole
 * messages of PostgreSQL's wire protocol and answers each with the server's bytes. `close` ends it in order.
 * Run as a process of its own, with a folder as its argument, it makes an empty database there and ends: that takes
 * memory once which no later work needs, and which only the end of a process gives back.
 */

/** The defaults take twice the memory; there is one connection and little data. */
const SERVER_SETTINGS = ['shared_buffers=16MB', 'wal_buffers=1MB', 'max_connections=5', 'max_wal_size=64MB']

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

if (parentPort === null) {
  const [folder] = process.argv.slice(2)
  if (folder === undefined) throw new Error('this file is the database thread and nothing else')
  const fresh = await openFolder(folder)
  await fresh.close()
} else {
  await serve(parentPort, String(workerData))
}
