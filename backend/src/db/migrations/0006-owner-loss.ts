import type { Migration } from './migration.ts'

/** A stop asked for at another instance is looked for at every beat, and is nearly always not there. */
export const ownerLoss: Migration = {
  name: '0006-owner-loss',
  sql: `
    CREATE INDEX generations_stop_requested ON generations (owner_instance)
      WHERE status = 'running' AND stop_requested_at IS NOT NULL;
    CREATE INDEX instances_living ON instances (id) WHERE dead_at IS NULL;
  `,
}
