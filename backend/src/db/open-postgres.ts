import pg from 'pg'
import type { Logger } from '../base/logger.ts'
import type { ConnectionSource, Lease, SentStatement, StatementResult } from './connection-source.ts'
import { toDatabaseError } from './database-error.ts'
import { createResultTypes } from './result-types.ts'

interface PostgresOptions {
  url: string
  poolMax: number
}

const STATEMENT_TIMEOUT_MS = 30_000
const IDLE_IN_TRANSACTION_MS = 30_000
const CONNECT_TIMEOUT_MS = 5000
const APART_CONNECT_TIMEOUT_MS = 2000

async function send(client: pg.PoolClient, statement: SentStatement, values: readonly unknown[]) {
  try {
    const result: StatementResult = await client.query({ ...statement, values: [...values] })
    return result
  } catch (error) {
    throw toDatabaseError(error)
  }
}

/** Beats and pings have connections of their own: they must not wait behind a full pool. */
async function sendApart(
  pool: pg.Pool,
  statement: SentStatement,
  values: readonly unknown[],
  timeoutMs: number,
): Promise<StatementResult> {
  const client = await pool.connect().catch((error: unknown) => {
    throw toDatabaseError(error)
  })
  // The driver reads `query_timeout` per query; its type knows it only per client.
  const query: pg.QueryConfig & { query_timeout: number } = {
    ...statement,
    values: [...values],
    query_timeout: timeoutMs,
  }
  try {
    const result: StatementResult = await client.query(query)
    client.release()
    return result
  } catch (error) {
    // Whether it still runs is unknown: the connection can't be used again.
    client.release(true)
    throw toDatabaseError(error)
  }
}

/** A pool of real PostgreSQL connections. Connects on first use, so this does not fail while the server is away. */
export function openPostgres(options: PostgresOptions, deps: { logger: Logger }): ConnectionSource {
  const settings: pg.PoolConfig = {
    connectionString: options.url,
    application_name: 'llmchat',
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: createResultTypes(),
  }
  const pool = new pg.Pool({ ...settings, max: options.poolMax })
  const apartPool = new pg.Pool({ ...settings, max: 2, connectionTimeoutMillis: APART_CONNECT_TIMEOUT_MS })
  for (const each of [pool, apartPool]) {
    // Without listeners a connection that breaks, idle or lent out, would end the process. The borrower gets its error.
    each.on('error', (error) => deps.logger.warn({ err: error }, 'idle database connection lost'))
    each.on('connect', (client) => client.on('error', () => undefined))
  }

  const waitingSinceMs = new Set<{ sinceMs: number }>()
  async function connect(): Promise<pg.PoolClient> {
    const entry = { sinceMs: performance.now() }
    waitingSinceMs.add(entry)
    try {
      return await pool.connect()
    } catch (error) {
      throw toDatabaseError(error)
    } finally {
      waitingSinceMs.delete(entry)
    }
  }

  return {
    async run(statement, values) {
      const client = await connect()
      try {
        return await send(client, statement, values)
      } finally {
        client.release()
      }
    },
    async lease(): Promise<Lease> {
      const client = await connect()
      return {
        run: (statement, values) => send(client, statement, values),
        release: (isBroken) => client.release(isBroken),
      }
    },
    runApart: (statement, values, timeoutMs) => sendApart(apartPool, statement, values, timeoutMs),
    async ping(timeoutMs) {
      let timer: NodeJS.Timeout | undefined
      const timeout = new Promise<boolean>((resolve) => {
        timer = setTimeout(resolve, timeoutMs, false)
      })
      const answer = sendApart(apartPool, { text: 'SELECT 1' }, [], timeoutMs).then(
        () => true,
        () => false,
      )
      try {
        return await Promise.race([answer, timeout])
      } finally {
        clearTimeout(timer)
      }
    },
    queueAgeMs() {
      const [oldest] = waitingSinceMs
      return oldest === undefined ? 0 : performance.now() - oldest.sinceMs
    },
    async close() {
      await Promise.all([pool.end(), apartPool.end()])
    },
  }
}
