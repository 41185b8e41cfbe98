import type { AuditEntry, AuditPage } from '@llmchat/protocol/api/audit-schema'
import type { Kysely } from 'kysely'
import type { Clock } from '../base/clock.ts'
import type { CreateId } from '../base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/database.ts'
import type { DatabaseSchema } from '../db/schema.ts'
import { appendActs } from './append-acts.ts'
import { applyRetention } from './apply-retention.ts'
import type { AuditAct } from './audit-act.ts'
import { createAuditKeys, type KeySeal } from './audit-keys.ts'
import { listActs, readActs, type AuditFilter } from './list-acts.ts'
import { findPushedSeq } from './push/push-repository.ts'
import { verifyChain, type ChainReport } from './verify-chain.ts'

/** Who did what, on what, from where, and how it went. Each entry's hash is over all before it. */
export interface AuditLog {
  /**
   * Resolves when it is stored; many at once share a transaction. Not inside a transaction. Errors:
   * `database_unavailable`: then nobody may act as if it were written.
   */
  record(act: AuditAct): Promise<void>
  /** With the act itself: both happen, or neither. The last thing of the transaction, for all other acts wait for its end. */
  recordIn(trx: Kysely<DatabaseSchema>, act: AuditAct): Promise<void>
  /** The same for several, at the price of one. */
  recordAllIn(trx: Kysely<DatabaseSchema>, acts: readonly AuditAct[]): Promise<void>
  list(options: AuditFilter & { cursor?: string; limit?: number }): Promise<AuditPage>
  /** The oldest first, a page at a time. */
  read(filter: AuditFilter): AsyncGenerator<AuditEntry[]>
  verify(): Promise<ChainReport>
  /** Waits for what is being written. */
  close(): Promise<void>
}

interface AuditDeps {
  database: Database
  clock: Clock
  createId: CreateId
  logger: Logger
  seal: KeySeal
}

interface Waiting {
  act: AuditAct
  resolve: () => void
  reject: (error: unknown) => void
}

const MAX_BATCH = 200
const RETENTION_EVERY_MS = 3_600_000

/**
 * `retentionDays`: older entries are removed, except those of people on legal hold; null: none. `receivers`: what they have not
 * taken yet stays.
 */
export function openAuditLog(
  deps: AuditDeps,
  options: { retentionDays: number | null; receivers?: readonly string[] },
): AuditLog {
  const { database, clock, logger } = deps
  const keys = createAuditKeys(deps)
  const append = { clock, keys }
  const waiting: Waiting[] = []
  let writing: Promise<void> | null = null
  let cancelRetention = (): void => undefined

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MAX_BATCH)
      try {
        const acts = batch.map((each) => each.act)
        await database.transaction((trx) => appendActs(append, trx, acts))
        for (const each of batch) each.resolve()
      } catch (error) {
        for (const each of batch) each.reject(error)
      }
    }
    writing = null
  }

  function scheduleRetention(days: number): void {
    cancelRetention = clock.setTimer(RETENTION_EVERY_MS, () => {
      findPushedSeq(deps, options.receivers ?? [])
        .then((maxSeq) => applyRetention({ ...append, database }, days, maxSeq))
        .catch((error: unknown) => logger.warn({ err: error }, 'audit retention failed'))
        .finally(() => scheduleRetention(days))
    })
  }

  if (options.retentionDays !== null) scheduleRetention(options.retentionDays)

  return {
    record: (act) =>
      new Promise((resolve, reject) => {
        waiting.push({ act, resolve, reject })
        writing ??= writeAll()
      }),
    recordIn: (trx, act) => appendActs(append, trx, [act]),
    recordAllIn: (trx, acts) => appendActs(append, trx, acts),
    list: (filter) => listActs(deps, filter),
    read: (filter) => readActs(deps, filter),
    verify: () => verifyChain({ database, keys }),
    async close() {
      cancelRetention()
      cancelRetention = () => undefined
      await writing
    },
  }
}
