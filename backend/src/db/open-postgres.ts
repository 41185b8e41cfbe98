import type pg from 'pg'
import type { Logger } from '../base/logger.ts'
import type { ConnectionSource, SentStatement, StatementResult } from './connection-source.ts'
import { toDatabaseError } from './database-error.ts'
import {
  openLoggedPool,
  openPostgresPool,
  toPoolConfig,
  type PostgresPoolOptions,
  type TimedQuery,
} from './open-postgres-pool.ts'

const APART_CONNECT_TIMEOUT_MS = 2000

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
  const query: TimedQuery = { ...statement, values: [...values], query_timeout: timeoutMs }
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

/** Real PostgreSQL. Connects on first use, so this does not fail while the server is away. */
export function openPostgres(options: PostgresPoolOptions, deps: { logger: Logger }): ConnectionSource {
  const pool = openPostgresPool(options, deps)
  const apartConfig = { ...toPoolConfig(options), max: 2, connectionTimeoutMillis: APART_CONNECT_TIMEOUT_MS }
  const apartPool = openLoggedPool(apartConfig, deps)
  return {
    run: (statement, values) => pool.run(statement, values),
    runApart: (statement, values, timeoutMs) => sendApart(apartPool, statement, values, timeoutMs),
    lease: (_priority, leaseOptions) => pool.lease(leaseOptions),
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
    queueAgeMs: () => pool.queueAgeMs(),
    async close() {
      await Promise.all([pool.close(), apartPool.end()])
    },
  }
}
