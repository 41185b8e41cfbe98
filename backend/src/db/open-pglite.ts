import type pg from 'pg'
import type { Logger } from '../base/logger.ts'
import { AppError } from '../base/app-error.ts'
import { createConnectionQueue } from './connection-queue.ts'
import type { ConnectionSource, Lease, SentStatement, StatementResult } from './connection-source.ts'
import { toDatabaseError } from './database-error.ts'
import { openPgliteUpkeep } from './open-pglite-upkeep.ts'
import { openPgliteSession, type PgliteSession } from './pglite-session.ts'

const MAX_READS_UNDER_WAY = 4
const MAX_UNDER_WAY = 64
const MAX_READ_WAIT_MS = 1000
const UPKEEP_EVERY_MS = 5000

async function send(client: pg.Client, statement: SentStatement, values: readonly unknown[]) {
  try {
    const result: StatementResult = await client.query({ ...statement, values: [...values] })
    return result
  } catch (error) {
    throw toDatabaseError(error)
  }
}

/**
 * PGlite in a thread of its own, behind the driver that also speaks to PostgreSQL. `folder` must be locked by the
 * caller: two processes on one folder destroy it. Throws AppError `database_unavailable` when it can't be opened.
 */
export async function openPglite(
  options: { folder: string; upkeepEveryMs?: number },
  deps: { logger: Logger },
): Promise<ConnectionSource> {
  const queue = createConnectionQueue({
    maxReadsUnderWay: MAX_READS_UNDER_WAY,
    maxUnderWay: MAX_UNDER_WAY,
    maxReadWaitMs: MAX_READ_WAIT_MS,
    monotonicMs: () => performance.now(),
  })
  let session: Promise<PgliteSession> | null = null
  let isClosed = false

  async function openSession(): Promise<PgliteSession> {
    const opened = await openPgliteSession(options.folder)
    void opened.ended.then((failure) => {
      // The next statement starts a new thread; what was acknowledged is in the folder.
      session = null
      if (failure !== null) deps.logger.error({ err: failure }, 'embedded database thread ended')
    })
    return opened
  }

  async function getClient(): Promise<pg.Client> {
    if (isClosed) throw new AppError('database_unavailable', { message: 'The database is closed.' })
    session ??= openSession().catch((error: unknown) => {
      session = null
      throw toDatabaseError(error)
    })
    return (await session).client
  }

  await getClient()

  async function runStatement(statement: SentStatement, values: readonly unknown[], priority: 'write' | 'read') {
    const turn = await queue.enterStatement(priority)
    try {
      return await send(await getClient(), statement, values)
    } finally {
      turn.end()
    }
  }

  const upkeep = openPgliteUpkeep({
    run: runStatement,
    logger: deps.logger,
    everyMs: options.upkeepEveryMs ?? UPKEEP_EVERY_MS,
  })

  function run(statement: SentStatement, values: readonly unknown[], priority: 'write' | 'read') {
    upkeep.noteStatement()
    return runStatement(statement, values, priority)
  }

  return {
    run,
    // One connection: there is nothing apart, only a place before the reads.
    runApart: (statement, values) => run(statement, values, 'write'),
    async lease(priority): Promise<Lease> {
      upkeep.noteStatement()
      const turn = await queue.enterAlone(priority)
      try {
        const client = await getClient()
        return { run: (statement, values) => send(client, statement, values), release: () => turn.end() }
      } catch (error) {
        turn.end()
        throw error
      }
    },
    async ping(timeoutMs) {
      let timer: NodeJS.Timeout | undefined
      const timeout = new Promise<boolean>((resolve) => {
        timer = setTimeout(resolve, timeoutMs, false)
      })
      const answer = run({ text: 'SELECT 1' }, [], 'write').then(
        () => true,
        () => false,
      )
      try {
        return await Promise.race([answer, timeout])
      } finally {
        clearTimeout(timer)
      }
    },
    queueAgeMs: () => queue.oldestWaitMs(),
    async close() {
      isClosed = true
      upkeep.close()
      const open = session
      if (open !== null) await (await open).close()
    },
  }
}
