import { Kysely } from 'kysely'
import type { ConnectionSource, StatementResult } from './connection-source.ts'
import { createStatementDialect, createTransactionDialect } from './create-dialect.ts'
import type { Database, QueryOptions } from './database.ts'
import type { Statement } from './statement.ts'
import type { Replica } from './open-replica.ts'
import type { DatabaseSchema } from './schema.ts'
import { createTransactionGuard } from './transaction-guard.ts'

interface CreateDatabaseOptions {
  engine: Database['engine']
  replica: Replica | null
}

/** The shared upper half of both engines: query builder, transactions and their guard. */
export function createDatabase(source: ConnectionSource, { engine, replica }: CreateDatabaseOptions): Database {
  const guard = createTransactionGuard()
  const kysely = new Kysely<DatabaseSchema>({
    dialect: createStatementDialect({ source, beforeSend: () => guard.refuseInside() }),
  })
  const transactions = new Kysely<DatabaseSchema>({ dialect: createTransactionDialect(source) })

  async function send(
    statement: Statement,
    values: readonly unknown[],
    options: QueryOptions,
  ): Promise<StatementResult> {
    const answer = options.from === 'replica' ? await replica?.tryRun(statement, values) : null
    return answer ?? source.run(statement, values, options.priority)
  }

  return {
    engine,
    kysely,
    async query<Row>(
      statement: Statement,
      values: readonly unknown[],
      options: QueryOptions = { priority: 'read' },
    ): Promise<Row[]> {
      guard.refuseInside()
      const result = await send(statement, values, options)
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
    async maintain(work) {
      guard.refuseInside()
      const lease = await source.lease('write', { isPatient: true })
      let isDone = false
      try {
        const result = await work(async <Row>(text: string, values: readonly unknown[] = []) => {
          const answer = await lease.run({ text }, values)
          return answer.rows as Row[]
        })
        isDone = true
        return result
      } finally {
        // After an error the session may be inside a transaction, or hold locks.
        lease.release(!isDone)
      }
    },
    findReplicaState: () => replica?.findState() ?? Promise.resolve(null),
    ping: (timeoutMs) => source.ping(timeoutMs),
    queueAgeMs: () => source.queueAgeMs(),
    async close() {
      await Promise.all([source.close(), replica?.close()])
    },
  }
}
