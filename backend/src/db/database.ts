import type { Kysely } from 'kysely'
import type { ReplicaState } from './open-replica.ts'
import type { DatabaseSchema } from './schema.ts'
import type { Statement } from './statement.ts'

export interface QueryOptions {
  /** 'write' (accept, finish, checkpoints) goes before 'read' where there is only one connection. */
  priority: 'write' | 'read'
  /**
   * 'replica': a statement that only reads. A standby answers it where there is one that has everything acknowledged
   * before the call; else the primary.
   */
  from?: 'replica'
}

/** Sends one text as it stands, on one connection. `values` go with `$1` … */
export type RunText = <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>

/** The one way to the database, PGlite or PostgreSQL alike. */
export interface Database {
  /** PGlite has one connection, and nothing can happen beside it. */
  readonly engine: 'pglite' | 'postgres'
  /** For everything that is not hot. */
  readonly kysely: Kysely<DatabaseSchema>
  /** For the hot statements. One statement is one transaction. Errors: AppError `database_unavailable`, or pg's own error. */
  query<Row>(statement: Statement, values: readonly unknown[], options?: QueryOptions): Promise<Row[]>
  /**
   * On a small connection of its own, where there are several: a heartbeat must not wait behind a full pool. Fails after
   * `timeoutMs` (then it may still have run).
   */
  queryApart<Row>(statement: Statement, values: readonly unknown[], timeoutMs: number): Promise<Row[]>
  /** Runs `work` in one transaction; only the handle given may be used inside (the pool is refused there). */
  transaction<T>(work: (trx: Kysely<DatabaseSchema>) => Promise<T>): Promise<T>
  /** For migrations: one connection for all of `work`, outside a transaction unless it begins one, without time limits. */
  maintain<T>(work: (run: RunText) => Promise<T>): Promise<T>
  /** Null: there is none. */
  findReplicaState(): Promise<ReplicaState | null>
  /** Reachable and answering within `timeoutMs`, on a connection of its own where there are several. */
  ping(timeoutMs: number): Promise<boolean>
  /** How long the oldest waiting statement has been waiting, ms (embedded: one connection). */
  queueAgeMs(): number
  close(): Promise<void>
}
