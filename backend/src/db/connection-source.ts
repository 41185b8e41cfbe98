import type { Statement } from './statement.ts'

export type Priority = 'write' | 'read'

/** A statement as it goes out. Without a name it is parsed anew each time. */
export type SentStatement = Statement | { text: string }

export interface StatementResult {
  /** `SELECT`, `INSERT`, `COMMIT`, `ROLLBACK` … */
  command: string
  rowCount: number | null
  rows: unknown[]
}

/** A connection for one borrower alone, until it is released. */
export interface Lease {
  run(statement: SentStatement, values: readonly unknown[]): Promise<StatementResult>
  /** `isBroken`: the connection is in an unknown state and must not be used again. */
  release(isBroken: boolean): void
}

/** What an engine offers. Everything above it is one code path for PGlite and PostgreSQL. */
export interface ConnectionSource {
  /** One statement, which is one transaction. */
  run(statement: SentStatement, values: readonly unknown[], priority: Priority): Promise<StatementResult>
  /** One statement on a connection that nothing else waits for; `timeoutMs` bounds the wait for it as well. */
  runApart(statement: SentStatement, values: readonly unknown[], timeoutMs: number): Promise<StatementResult>
  /** `isPatient`: statements may take as long as they take (migrations). */
  lease(priority: Priority, options?: { isPatient: boolean }): Promise<Lease>
  ping(timeoutMs: number): Promise<boolean>
  queueAgeMs(): number
  close(): Promise<void>
}
