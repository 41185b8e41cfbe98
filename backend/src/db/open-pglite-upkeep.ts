import type { Logger } from '../base/logger.ts'
import type { ConnectionSource } from './connection-source.ts'

interface Upkeep {
  /** A statement was run: the tables may have changed. */
  noteStatement(): void
  close(): void
}

interface UpkeepDeps {
  run: ConnectionSource['run']
  logger: Logger
  everyMs: number
}

/** The thresholds of PostgreSQL's own autovacuum. */
const staleTablesText = `
  SELECT quote_ident(s.relname) AS name FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
  WHERE s.n_mod_since_analyze > 50 + 0.1 * greatest(c.reltuples, 0)`

/**
 * PGlite has no background workers, so nobody gathers statistics. Without them the planner believes every table to be
 * empty for ever and reads all messages of a person to find one by its key: accepting a message then took 25 ms at
 * 12,000 messages, with statistics 0.6 ms. ANALYZE also makes prepared statements plan anew. VACUUM is left out: pages
 * are pruned by the statements themselves, and on the text index it would hold the one connection for seconds.
 */
export function openPgliteUpkeep(deps: UpkeepDeps): Upkeep {
  let timer: NodeJS.Timeout | null = null
  let isClosed = false

  async function analyzeStale(): Promise<void> {
    const { rows } = await deps.run({ text: staleTablesText }, [], 'read')
    for (const row of rows as { name: string }[]) {
      if (!isClosed) await deps.run({ text: `ANALYZE ${row.name}` }, [], 'read')
    }
  }

  function check(): void {
    analyzeStale()
      .catch((error: unknown) => {
        if (!isClosed) deps.logger.warn({ err: error }, 'table statistics could not be gathered')
      })
      .finally(() => {
        timer = null
      })
  }

  return {
    noteStatement() {
      if (timer !== null || isClosed) return
      timer = setTimeout(check, deps.everyMs)
      timer.unref()
    },
    close() {
      isClosed = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}
