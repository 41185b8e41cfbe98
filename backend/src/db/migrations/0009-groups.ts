import type { Migration } from './migration.ts'

/** Groups of people, and which of them may see an agent. An agent without a rule is everybody's. */
export const groups: Migration = {
  name: '0009-groups',
  sql: `
    CREATE TABLE groups (
      id text PRIMARY KEY,
      name text NOT NULL UNIQUE,
      description text NOT NULL DEFAULT '',
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE group_members (
      group_id text NOT NULL REFERENCES groups ON DELETE CASCADE,
      user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (group_id, user_id)
    );
    CREATE INDEX group_members_user ON group_members (user_id);
    CREATE TABLE agent_access (
      agent_id text NOT NULL REFERENCES agent_configs ON DELETE CASCADE,
      group_id text NOT NULL REFERENCES groups ON DELETE CASCADE,
      effect text NOT NULL CHECK (effect IN ('allow', 'deny')),
      PRIMARY KEY (agent_id, group_id)
    );
    CREATE INDEX agent_access_group ON agent_access (group_id);
  `,
}
