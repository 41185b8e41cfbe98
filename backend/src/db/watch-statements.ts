import type { Logger } from '../base/logger.ts'
import type { ConnectionSource, Lease, SentStatement, StatementResult } from './connection-source.ts'

export interface SlowStatement {
  /** Its name; for those without one the verb and the table, e.g. `select users`. Never a value. */
  statement: string
  /** From asking for a connection to the answer, failed ones too. */
  durationMs: number
}

export interface WatchOptions {
  slowMs: number
  onSlow: (slow: SlowStatement) => void
}

const verbPattern = /^\s*(select|insert|update|delete|with|begin|commit|rollback)\b/i
const tablePattern = /\b(?:into|update|from)\s+"(\w+)"/i

/** What a statement is called in logs and figures: from a small set, and without anything that people wrote. */
export function toStatementName(statement: SentStatement): string {
  if ('name' in statement) return statement.name
  const [, verb] = verbPattern.exec(statement.text) ?? []
  if (verb === undefined) return 'other'
  const [, table] = tablePattern.exec(statement.text) ?? []
  return table === undefined ? verb.toLowerCase() : `${verb.toLowerCase()} ${table}`
}

/** The same source, whose slow statements are told: to the log, and to `onSlow`. */
export function watchStatements(
  source: ConnectionSource,
  options: WatchOptions,
  deps: { logger: Logger },
): ConnectionSource {
  async function time(statement: SentStatement, work: () => Promise<StatementResult>): Promise<StatementResult> {
    const startedMs = performance.now()
    try {
      return await work()
    } finally {
      const durationMs = performance.now() - startedMs
      if (durationMs >= options.slowMs) tell(statement, durationMs)
    }
  }

  function tell(statement: SentStatement, durationMs: number): void {
    const slow = { statement: toStatementName(statement), durationMs: Math.round(durationMs) }
    // A queue that is old says that the wait for a connection was slow, not the statement.
    const queueAgeMs = Math.round(source.queueAgeMs())
    deps.logger.warn({ ...slow, queueAgeMs }, 'slow database statement')
    options.onSlow(slow)
  }

  function watchLease(lease: Lease): Lease {
    return {
      run: (statement, values) => time(statement, () => lease.run(statement, values)),
      release: (isBroken) => lease.release(isBroken),
    }
  }

  return {
    ...source,
    run: (statement, values, priority) => time(statement, () => source.run(statement, values, priority)),
    async lease(priority, leaseOptions) {
      const lease = await source.lease(priority, leaseOptions)
      // What has all the time it needs is not slow.
      return leaseOptions?.isPatient === true ? lease : watchLease(lease)
    },
  }
}
