import type { Migration } from './migration.ts'

/**
 * People who come from the company's own directory. `user_identities` is by what a sign-in finds its person again: what
 * the directory calls itself and what it calls them, never the address. A membership belongs to whoever gave it, so that a
 * sign-in takes away only what a sign-in gave. Who has no password of ours has none stored.
 */
export const directory: Migration = {
  name: '0013-directory',
  sql: `
    ALTER TABLE users
      ALTER COLUMN password_hash DROP NOT NULL,
      ADD COLUMN source text NOT NULL DEFAULT 'local' CHECK (source IN ('local', 'oidc', 'ldap', 'scim'));

    CREATE TABLE user_identities (
      issuer text NOT NULL,
      subject text NOT NULL,
      user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_login_at timestamptz,
      PRIMARY KEY (issuer, subject)
    );
    CREATE INDEX user_identities_user ON user_identities (user_id);

    ALTER TABLE group_members
      ADD COLUMN source text NOT NULL DEFAULT 'local' CHECK (source IN ('local', 'oidc', 'ldap', 'scim'));
    ALTER TABLE groups ADD COLUMN external_id text;

    CREATE TABLE scim_users (
      user_id text PRIMARY KEY REFERENCES users ON DELETE CASCADE,
      user_name text NOT NULL,
      user_name_key text NOT NULL UNIQUE,
      external_id text,
      given_name text,
      family_name text,
      deleted_at timestamptz
    );
    CREATE INDEX scim_users_external ON scim_users (external_id);

    ALTER TABLE one_time_tokens DROP CONSTRAINT one_time_tokens_kind_check;
    ALTER TABLE one_time_tokens ADD CONSTRAINT one_time_tokens_kind_check
      CHECK (kind IN ('password-reset', 'invitation', 'second-step', 'oidc-sign-in'));
  `,
}
