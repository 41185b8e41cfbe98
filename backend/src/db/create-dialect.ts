import {
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import type { ConnectionSource, Lease, StatementResult } from './connection-source.ts'

const CHANGING_COMMANDS = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

type Send = (query: CompiledQuery) => Promise<StatementResult>

class SourceConnection implements DatabaseConnection {
  readonly #send: Send
  readonly lease: Lease | null
  isBroken = false

  constructor(send: Send, lease: Lease | null) {
    this.#send = send
    this.lease = lease
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const result = await this.#send(query)
    // Here rows take on the type that the query builder computed for them.
    const rows = result.rows as Row[]
    return CHANGING_COMMANDS.has(result.command) ? { rows, numAffectedRows: BigInt(result.rowCount ?? 0) } : { rows }
  }

  streamQuery(): AsyncIterableIterator<never> {
    throw new Error('streaming a query would hold a connection; page by key instead')
  }
}

function toDialect(createDriver: () => Driver): Dialect {
  return {
    createDriver,
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (kysely: Kysely<unknown>) => new PostgresIntrospector(kysely),
  }
}

/** For single statements: each goes to any free connection, so that a transaction can't be opened on it. */
export function createStatementDialect(deps: { source: ConnectionSource; beforeSend: () => void }): Dialect {
  const refuse = (): Promise<never> => Promise.reject(new Error('use database.transaction() for a transaction'))
  const connection = new SourceConnection((query) => {
    deps.beforeSend()
    return deps.source.run({ text: query.sql }, query.parameters, 'read')
  }, null)
  return toDialect(() => ({
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  }))
}

class TransactionDriver implements Driver {
  readonly #source: ConnectionSource

  constructor(source: ConnectionSource) {
    this.#source = source
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SourceConnection> {
    const lease = await this.#source.lease('write')
    return new SourceConnection((query) => lease.run({ text: query.sql }, query.parameters), lease)
  }

  async beginTransaction(connection: SourceConnection, settings: TransactionSettings): Promise<void> {
    const level = settings.isolationLevel === undefined ? '' : ` isolation level ${settings.isolationLevel}`
    await connection.lease?.run({ text: `begin${level}` }, [])
  }

  async commitTransaction(connection: SourceConnection): Promise<void> {
    const result = await connection.lease?.run({ text: 'commit' }, [])
    // PostgreSQL answers COMMIT in a failed transaction with ROLLBACK and no error.
    if (result?.command !== 'COMMIT') throw new Error('rolled back: an error of a statement inside was swallowed')
  }

  async rollbackTransaction(connection: SourceConnection): Promise<void> {
    try {
      await connection.lease?.run({ text: 'rollback' }, [])
    } catch {
      // The error that led here tells more; a connection that can't roll back is thrown away.
      connection.isBroken = true
    }
  }

  async releaseConnection(connection: SourceConnection): Promise<void> {
    connection.lease?.release(connection.isBroken)
  }

  async destroy(): Promise<void> {}
}

/** For transactions: each has one connection for itself and goes before reads. */
export function createTransactionDialect(source: ConnectionSource): Dialect {
  return toDialect(() => new TransactionDriver(source))
}
