import type { Migration } from './migration.ts'

/** How far the audit log was pushed to each receiver, and which instance is at it. A receiver that is new gets all of it. */
export const auditPush: Migration = {
  name: '0015-audit-push',
  sql: `
    CREATE TABLE audit_pushes (
      receiver text PRIMARY KEY,
      last_seq bigint NOT NULL DEFAULT 0,
      leased_by text,
      leased_until timestamptz,
      failed_since timestamptz
    );
  `,
}
