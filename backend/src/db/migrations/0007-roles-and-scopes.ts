import type { Migration } from './migration.ts'

/**
 * Two more roles; what an API key may do, and until when. Keys that are there could do everything, and go on so: who made
 * them relied on it. A version before this one does not know the new roles, but treats whoever has one as a member.
 */
export const rolesAndScopes: Migration = {
  name: '0007-roles-and-scopes',
  sql: `
    ALTER TABLE users DROP CONSTRAINT users_role_check;
    ALTER TABLE users ADD CONSTRAINT users_role_check CHECK (role IN ('admin', 'operator', 'auditor', 'member'));
    ALTER TABLE users
      ADD COLUMN is_on_legal_hold boolean NOT NULL DEFAULT false,
      ADD COLUMN erased_at timestamptz;
    ALTER TABLE api_keys
      ADD COLUMN scopes jsonb NOT NULL DEFAULT '["chat", "read", "admin"]',
      ADD COLUMN expires_at timestamptz;
  `,
}
