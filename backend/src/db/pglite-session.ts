import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import pg from 'pg'
import { createResultTypes } from './result-types.ts'
import { WorkerStream } from './worker-stream.ts'

/** A database thread with the one connection to it. */
export interface PgliteSession {
  client: pg.Client
  /** Resolves when the thread is gone; says why when it was not asked to go. */
  ended: Promise<Error | null>
  close(): Promise<void>
}

/** In the bundle the thread's file lies beside this one; run from source it is the one the build made. */
function toWorkerUrl(): URL {
  const isSource = import.meta.url.endsWith('.ts')
  return new URL(isSource ? '../../dist/pglite-worker.js' : './pglite-worker.js', import.meta.url)
}

/** What a first start left that was killed half-way, as far as nobody is writing there any more. */
function removeUnfinished(folder: string): void {
  const parent = dirname(folder)
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(`${basename(folder)}.unfinished`)) continue
    try {
      rmSync(join(parent, name), { recursive: true, force: true })
    } catch {
      // The next first start will; it is in nobody's way.
    }
  }
}

/** A first start that is killed half-way must leave nothing that looks like a database. */
async function createFolder(folder: string): Promise<void> {
  // Never taken away: it may be a database that lost a file, or somebody else's.
  if (existsSync(folder)) throw new Error(`${folder} exists but holds no database`)
  removeUnfinished(folder)
  // Of a name of its own: the process of a start that was killed may still be writing to the former one.
  const unfinished = `${folder}.unfinished-${String(process.pid)}`
  const maker = fork(toWorkerUrl(), [unfinished], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  await once(maker, 'exit')
  if (maker.exitCode !== 0) throw new Error(`making the database ended with ${String(maker.exitCode)}`)
  renameSync(unfinished, folder)
}

async function waitUntilReady(worker: Worker): Promise<void> {
  const abort = new AbortController()
  const signal = abort.signal
  try {
    // `once` rejects on 'error', which is how a folder that can't be opened shows itself.
    const [first] = await Promise.race([
      once(worker, 'message', { signal }),
      once(worker, 'exit', { signal }).then(() => ['exit']),
    ])
    if (first !== 'ready') throw new Error('the database thread ended while it was opening the data folder')
  } finally {
    abort.abort()
  }
}

/** Messages come and go there and nothing else does; V8 would take ten times as much for them. */
const YOUNG_GENERATION_MB = 4

/** Starts the thread on `folder`, which is made when missing. The caller holds the folder's lock. */
export async function openPgliteSession(folder: string): Promise<PgliteSession> {
  if (!existsSync(join(folder, 'PG_VERSION'))) await createFolder(folder)
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB }
  const worker = new Worker(toWorkerUrl(), { workerData: folder, name: 'pglite', resourceLimits })
  let failure: Error | null = null
  let isClosing = false
  worker.on('error', (error) => {
    failure = error instanceof Error ? error : new Error(String(error))
  })
  const ended = once(worker, 'exit').then(
    () => (isClosing ? null : (failure ?? new Error('the database thread ended'))),
    () => failure,
  )
  await waitUntilReady(worker)

  const stream = new WorkerStream(worker)
  const client = new pg.Client({ stream: () => stream, pipeline: true, types: createResultTypes(), user: 'postgres' })
  // The statements under way get their error from the driver, and `ended` tells why; this only keeps it from throwing.
  client.on('error', () => undefined)
  await client.connect()
  return {
    client,
    ended,
    async close() {
      isClosing = true
      await client.end()
      worker.postMessage('close')
      await ended
    },
  }
}
