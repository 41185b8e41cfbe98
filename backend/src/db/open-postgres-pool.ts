import pg from 'pg'
import type { Logger } from '../base/logger.ts'
import type { Config } from '../config/config.ts'
import type { Lease, SentStatement, StatementResult } from './connection-source.ts'
import { isConnectionLost, toDatabaseError } from './database-error.ts'
import { createResultTypes } from './result-types.ts'

export interface PostgresPoolOptions {
  url: string
  poolMax: number
  timeouts: Config['databaseTimeouts']
}

/** Connections to one server. Connects on first use; what it throws are `toDatabaseError`'s errors. */
export interface PostgresPool {
  run(statement: SentStatement, values: readonly unknown[]): Promise<StatementResult>
  /** `isPatient`: no limit to how long an answer takes, on either side. */
  lease(options?: { isPatient: boolean }): Promise<Lease>
  queueAgeMs(): number
  close(): Promise<void>
}

/** The server gives up first, and says so; after that much silence more it is not the statement that takes long. */
const SILENCE_MS = 2000

const KEEP_ALIVE_MS = 10_000

export function toPoolConfig(options: PostgresPoolOptions): pg.PoolConfig {
  const { timeouts } = options
  return {
    connectionString: options.url,
    application_name: 'llmchat',
    statement_timeout: timeouts.statementMs,
    idle_in_transaction_session_timeout: timeouts.idleInTransactionMs,
    connectionTimeoutMillis: timeouts.connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    max: options.poolMax,
    types: createResultTypes(),
  }
}

/** A pool whose broken connections are logged, and end nothing: the borrower gets its error. */
export function openLoggedPool(config: pg.PoolConfig, deps: { logger: Logger }): pg.Pool {
  const pool = new pg.Pool(config)
  // Without listeners a connection that breaks, idle or lent out, would end the process.
  pool.on('error', (error) => deps.logger.warn({ err: error }, 'idle database connection lost'))
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** The driver reads `query_timeout` per query; its type knows it only per client. */
export type TimedQuery = pg.QueryConfig & { query_timeout?: number }

export function openPostgresPool(options: PostgresPoolOptions, deps: { logger: Logger }): PostgresPool {
  const pool = openLoggedPool(toPoolConfig(options), deps)
  const answerMs = options.timeouts.statementMs + SILENCE_MS
  const answeredMs = new WeakMap<pg.PoolClient, number>()
  const waiting = new Set<{ sinceMs: number }>()
  /** When the newest statement was sent that got no answer. Connections unused since then are suspects. */
  let silentSinceMs = -Infinity
  pool.on('connect', (client) => answeredMs.set(client, performance.now()))

  async function connect(): Promise<pg.PoolClient> {
    const entry = { sinceMs: performance.now() }
    waiting.add(entry)
    try {
      return await connectToTrusted()
    } catch (error) {
      throw toDatabaseError(error)
    } finally {
      waiting.delete(entry)
    }
  }

  /**
   * When one connection has fallen silent (the server's machine gone, a firewall that forgot), the idle ones beside it
   * have too, and each would cost a request its whole patience. So they are replaced instead of tried.
   */
  async function connectToTrusted(): Promise<pg.PoolClient> {
    for (let discarded = 0; ; discarded += 1) {
      const client = await pool.connect()
      const isTrusted = (answeredMs.get(client) ?? Infinity) > silentSinceMs
      if (isTrusted || discarded >= options.poolMax) return client
      client.release(true)
    }
  }

  /** `onLost` is told when the connection must not be used again. */
  async function send(
    client: pg.PoolClient,
    statement: SentStatement,
    values: readonly unknown[],
    limits: { isPatient: boolean; onLost: () => void },
  ): Promise<StatementResult> {
    const sentMs = performance.now()
    const query: TimedQuery = { ...statement, values: [...values] }
    if (!limits.isPatient) query.query_timeout = answerMs
    try {
      const result: StatementResult = await client.query(query)
      answeredMs.set(client, performance.now())
      return result
    } catch (error) {
      if (isConnectionLost(error)) {
        limits.onLost()
        if (!limits.isPatient && performance.now() - sentMs >= answerMs) {
          silentSinceMs = Math.max(silentSinceMs, sentMs)
          deps.logger.warn({ silentMs: Math.round(performance.now() - sentMs) }, 'database connection fell silent')
        }
      }
      throw toDatabaseError(error)
    }
  }

  return {
    async run(statement, values) {
      const client = await connect()
      let isLost = false
      try {
        return await send(client, statement, values, { isPatient: false, onLost: () => (isLost = true) })
      } finally {
        client.release(isLost)
      }
    },
    async lease({ isPatient } = { isPatient: false }) {
      const client = await connect()
      let lost: Error | null = null
      return {
        async run(statement, values) {
          // A rollback on a silent connection would wait as long again.
          if (lost !== null) throw toDatabaseError(lost)
          return send(client, statement, values, { isPatient, onLost: () => (lost = new Error('connection lost')) })
        },
        release: (isBroken) => client.release(isBroken || lost !== null),
      }
    },
    queueAgeMs() {
      const [oldest] = waiting
      return oldest === undefined ? 0 : performance.now() - oldest.sinceMs
    },
    close: () => pool.end(),
  }
}
