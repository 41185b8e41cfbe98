import type { Kysely } from 'kysely'
import type { DatabaseSchema } from './schema.ts'

/** A named, parameterised statement: the server parses and plans it once per connection. */
export interface Statement {
  name: string
  text: string
}

/**
 * The one way to the database, PGlite or PostgreSQL alike.
 * `priority`: 'write' (accept, finish, checkpoints) goes before 'read' where there is only one connection.
 */
export interface Database {
  /** For everything that is not hot. */
  readonly kysely: Kysely<DatabaseSchema>
  /** For the hot statements. One statement is one transaction. Errors: AppError `database_unavailable`, or pg's own error. */
  query<Row>(statement: Statement, values: readonly unknown[], options?: { priority: 'write' | 'read' }): Promise<Row[]>
  /**
   * On a small connection of its own, where there are several: a heartbeat must not wait behind a full pool. Fails after
   * `timeoutMs` (then it may still have run).
   */
  queryApart<Row>(statement: Statement, values: readonly unknown[], timeoutMs: number): Promise<Row[]>
  /** Runs `work` in one transaction; only the handle given may be used inside (the pool is refused there). */
  transaction<T>(work: (trx: Kysely<DatabaseSchema>) => Promise<T>): Promise<T>
  /** Reachable and answering within `timeoutMs`, on a connection of its own where there are several. */
  ping(timeoutMs: number): Promise<boolean>
  /** How long the oldest waiting statement has been waiting, ms (embedded: one connection). */
  queueAgeMs(): number
  close(): Promise<void>
}
