import { Kysely } from 'kysely'
import type { ConnectionSource } from './connection-source.ts'
import { createStatementDialect, createTransactionDialect } from './create-dialect.ts'
import type { Database } from './database.ts'
import type { DatabaseSchema } from './schema.ts'
import { createTransactionGuard } from './transaction-guard.ts'

/** The shared upper half of both engines: query builder, transactions and their guard. */
export function createDatabase(source: ConnectionSource): Database {
  const guard = createTransactionGuard()
  const kysely = new Kysely<DatabaseSchema>({
    dialect: createStatementDialect({ source, beforeSend: () => guard.refuseInside() }),
  })
  const transactions = new Kysely<DatabaseSchema>({ dialect: createTransactionDialect(source) })
  return {
    kysely,
    async query<Row>(
      statement: { name: string; text: string },
      values: readonly unknown[],
      options: { priority: 'write' | 'read' } = { priority: 'read' },
    ): Promise<Row[]> {
      guard.refuseInside()
      const result = await source.run(statement, values, options.priority)
      // The caller knows what its statement returns; the driver does not.
      return result.rows as Row[]
    },
    async queryApart<Row>(
      statement: { name: string; text: string },
      values: readonly unknown[],
      timeoutMs: number,
    ): Promise<Row[]> {
      const result = await source.runApart(statement, values, timeoutMs)
      return result.rows as Row[]
    },
    async transaction(work) {
      guard.refuseInside()
      return transactions.transaction().execute((trx) => guard.enter(() => work(trx)))
    },
    ping: (timeoutMs) => source.ping(timeoutMs),
    queueAgeMs: () => source.queueAgeMs(),
    close: () => source.close(),
  }
}
