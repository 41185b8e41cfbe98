import type { Migration } from './migration.ts'

/**
 * Codes of an authenticator app. `last_step` is the newest 30 s step a code was accepted for: none of it or before it is
 * accepted again. Until `confirmed_at` is set nothing is asked for at sign-in.
 */
export const secondFactor: Migration = {
  name: '0011-second-factor',
  sql: `
    CREATE TABLE user_totp (
      user_id text PRIMARY KEY REFERENCES users ON DELETE CASCADE,
      secret_sealed text NOT NULL,
      last_step bigint NOT NULL DEFAULT 0,
      confirmed_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE recovery_codes (
      user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
      code_hash text NOT NULL,
      used_at timestamptz,
      PRIMARY KEY (user_id, code_hash)
    );
  `,
}
