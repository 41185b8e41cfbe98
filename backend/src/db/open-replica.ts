import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/logger.ts'
import type { ConnectionSource, SentStatement, StatementResult } from './connection-source.ts'
import { isReplayConflict } from './database-error.ts'
import { openPostgresPool, type PostgresPool, type PostgresPoolOptions } from './open-postgres-pool.ts'
import { shareNext } from './share-next.ts'

export interface ReplicaState {
  isReachable: boolean
  /** False: it was promoted, or is no replica at all; it is not read from. */
  isStandby: boolean
  /** Bytes of the primary's log that it has not replayed yet; null where one of the two does not answer. */
  lagBytes: number | null
}

export interface Replica {
  /** The standby's answer, or null: the primary is to be asked. */
  tryRun(statement: SentStatement, values: readonly unknown[]): Promise<StatementResult | null>
  findState(): Promise<ReplicaState>
  close(): Promise<void>
}

interface ReplicaOptions extends PostgresPoolOptions {
  /** How long one read waits for the standby to catch up. */
  waitMs: number
}

const AWAY_MS = 5000
const LAGGING_MS = 1000
const LOOK_EVERY_MS = 5

/** With `synchronous_commit` off an acknowledged commit may not be flushed yet; then what is inserted counts. */
const primaryPosition = {
  name: 'replica-primary-position',
  text: `SELECT (CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()
    ELSE pg_current_wal_flush_lsn() END - '0/0')::text AS position`,
}

const replicaPosition = {
  name: 'replica-position',
  text: `SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::text END AS position`,
}

function toPosition(result: StatementResult): bigint | null {
  const [row] = result.rows as { position: string | null }[]
  return row?.position == null ? null : BigInt(row.position)
}

/**
 * Reads from a standby that never show less than was acknowledged before they began, whoever wrote it and on whichever
 * instance: the primary's place in its log is asked first, and the standby must have replayed up to there.
 *
 * Refused alternatives: remembering who wrote lately knows only the writes of this instance, and not the end of an answer
 * that another one makes; `pg_last_xact_replay_timestamp` compares two clocks, and grows while nobody writes. Price: one
 * tiny statement on the primary for all reads that begin together.
 */
export function openReplica(options: ReplicaOptions, primary: ConnectionSource, deps: { logger: Logger }): Replica {
  const pool: PostgresPool = openPostgresPool(options, deps)
  let restUntilMs = -Infinity

  const askPrimary = shareNext(async () => toPosition(await primary.run(primaryPosition, [], 'read')))
  const askReplica = shareNext(async () => toPosition(await pool.run(replicaPosition, [])))

  /** Not tried again for a while: otherwise each read would pay for finding out. */
  function rest(restMs: number, reason: string): void {
    const nowMs = performance.now()
    if (nowMs >= restUntilMs) deps.logger.warn({ reason, restMs }, 'replica left alone')
    restUntilMs = Math.max(restUntilMs, nowMs + restMs)
  }

  async function isCaughtUp(): Promise<boolean> {
    const untilMs = performance.now() + options.waitMs
    const [wanted, first] = await Promise.all([askPrimary(), askReplica()])
    if (wanted === null) return false
    for (let reached = first; ; reached = await askReplica()) {
      if (reached === null) {
        rest(AWAY_MS, 'not a standby')
        return false
      }
      if (reached >= wanted) return true
      if (performance.now() >= untilMs) {
        rest(LAGGING_MS, 'lagging')
        return false
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }

  return {
    async tryRun(statement, values) {
      if (performance.now() < restUntilMs) return null
      try {
        return (await isCaughtUp()) ? await pool.run(statement, values) : null
      } catch (error) {
        if (isReplayConflict(error)) return null
        // The statement's own fault is told by the primary just as well.
        if (error instanceof AppError) rest(AWAY_MS, 'away')
        return null
      }
    },
    async findState() {
      const [written, replayed] = await Promise.allSettled([askPrimary(), askReplica()])
      if (replayed.status === 'rejected') return { isReachable: false, isStandby: false, lagBytes: null }
      if (replayed.value === null) return { isReachable: true, isStandby: false, lagBytes: null }
      if (written.status === 'rejected' || written.value === null) {
        return { isReachable: true, isStandby: true, lagBytes: null }
      }
      const lag = written.value - replayed.value
      return { isReachable: true, isStandby: true, lagBytes: lag > 0n ? Number(lag) : 0 }
    },
    close: () => pool.close(),
  }
}
