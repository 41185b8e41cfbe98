import type { Migration } from './migration.ts'

/**
 * By default a table is vacuumed when a fifth of it is dead: with millions of rows that is too late, and too much at
 * once. Each hot table says for itself how much it can bear.
 *
 * - `generations`: every checkpoint of a running answer is a dead row and a dead TOAST value of some kilobytes, so its
 *   TOAST table is watched by itself. Fillfactor 70 (since 0001) keeps these updates HOT.
 * - `chat_messages`: only grows, and each answer is written once more at its end. Vacuum after inserts keeps the
 *   visibility map and empties the trigram index' pending list, which every search reads in full.
 * - `chat_sessions`: each message moves its chat to the top, which `updated_at` in two indexes makes a new index entry;
 *   marking as read is HOT if the page has room, hence fillfactor 85.
 * - `instances`: a few rows, each written every 1.5 s and read as often: room for many versions on the page.
 * - `login_sessions`: `last_seen_at` once a minute and person, in no index.
 *
 * A fillfactor is for pages to come; nothing is rewritten here, and no lock keeps readers or writers out.
 */
export const autovacuum: Migration = {
  name: '0003-autovacuum',
  sql: `
    ALTER TABLE generations SET (
      autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
      autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000,
      toast.autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_threshold = 2000
    );
    ALTER TABLE chat_messages SET (
      autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000,
      autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_vacuum_insert_threshold = 10000,
      autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 5000
    );
    ALTER TABLE chat_sessions SET (
      fillfactor = 85,
      autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
      autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000
    );
    ALTER TABLE instances SET (
      fillfactor = 30,
      autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200,
      autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000
    );
    ALTER TABLE login_sessions SET (
      fillfactor = 80,
      autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500,
      autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 500
    );
  `,
}
