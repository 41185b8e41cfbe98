import type { Migration } from './migration.ts'

/** Who answers instead of an agent, how many at once, and when a second request races the first. */
export const agentResilience: Migration = {
  name: '0004-agent-resilience',
  sql: `
    ALTER TABLE agent_configs
      ADD COLUMN fallback_agent_ids jsonb NOT NULL DEFAULT '[]',
      ADD COLUMN max_concurrent integer CHECK (max_concurrent > 0),
      ADD COLUMN hedge_after_ms integer CHECK (hedge_after_ms > 0);
    ALTER TABLE chat_messages ADD COLUMN instead_of text;
  `,
}
