import type { Migration } from './migration.ts'

/**
 * What people see of their login sessions, and secrets that work once: links to reset a password or to accept an
 * invitation, and the ticket between password and code. `content` is what the link grants; the token itself is nowhere.
 */
export const identity: Migration = {
  name: '0010-identity',
  sql: `
    ALTER TABLE login_sessions
      ADD COLUMN user_agent text NOT NULL DEFAULT '',
      ADD COLUMN address text NOT NULL DEFAULT '',
      ADD COLUMN is_persistent boolean NOT NULL DEFAULT false;

    CREATE TABLE one_time_tokens (
      id text PRIMARY KEY,
      kind text NOT NULL CHECK (kind IN ('password-reset', 'invitation', 'second-step')),
      token_hash text NOT NULL UNIQUE,
      user_id text REFERENCES users ON DELETE CASCADE,
      content jsonb NOT NULL DEFAULT '{}',
      failures integer NOT NULL DEFAULT 0,
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL,
      used_at timestamptz
    );
    CREATE INDEX one_time_tokens_user ON one_time_tokens (user_id);
    CREATE INDEX one_time_tokens_expiry ON one_time_tokens (expires_at);
  `,
}
