import type { Migration } from './migration.ts'

/** A program may be allowed more, or less, than a person. Null: the key's requests count among its person's. */
export const apiKeyLimits: Migration = {
  name: '0005-api-key-limits',
  sql: `
    ALTER TABLE api_keys ADD COLUMN rate_limit_per_minute integer
      CONSTRAINT api_keys_rate_limit_positive CHECK (rate_limit_per_minute > 0);
  `,
}
