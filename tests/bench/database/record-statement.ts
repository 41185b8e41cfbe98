import type { Database } from '../../../backend/src/db/database.ts'
import type { Recorded } from './explain-statement.ts'

class StatementRecorded extends Error {
  readonly recorded: Recorded

  constructor(recorded: Recorded) {
    super('the statement was recorded and not sent')
    this.recorded = recorded
  }
}

const refuse = (): never => {
  throw new Error('only named statements are recorded')
}

/** What `work` sends first. So that what is measured is the text that the product sends, not a copy of it. */
export async function recordStatement(work: (database: Database) => Promise<unknown>): Promise<Recorded> {
  const database: Database = {
    engine: 'postgres',
    get kysely(): never {
      return refuse()
    },
    query: (statement, values) => Promise.reject(new StatementRecorded({ text: statement.text, values })),
    queryApart: refuse,
    transaction: refuse,
    maintain: refuse,
    findReplicaState: refuse,
    ping: refuse,
    queueAgeMs: refuse,
    close: refuse,
  }
  try {
    await work(database)
  } catch (error) {
    if (error instanceof StatementRecorded) return error.recorded
    throw error
  }
  throw new Error('no statement was sent')
}
