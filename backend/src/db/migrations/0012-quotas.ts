import type { Migration } from './migration.ts'

/**
 * What people, groups and agents may use, and what they did use. `quota_usage` is one count per quota, window and subject
 * (a person's id, or '' where all share it): what ended answers used and what running ones have reserved. Each running
 * answer's shares stand in `quota_reservations` until its end, which takes them out and books what was really used, in
 * one transaction. They name no foreign key: a reservation must outlive its answer, if that is deleted while it runs.
 *
 * `usage_records` is one row per ended answer, with or without quotas. It names people and agents by id alone: what was
 * used stays used when they go.
 *
 * A count is rewritten twice for each message, so its pages keep room for HOT updates and are vacuumed early.
 */
export const quotas: Migration = {
  name: '0012-quotas',
  sql: `
    CREATE TABLE quotas (
      id text PRIMARY KEY,
      scope text NOT NULL CHECK (scope IN ('everyone', 'user', 'group', 'group-member', 'agent')),
      user_id text REFERENCES users ON DELETE CASCADE,
      group_id text REFERENCES groups ON DELETE CASCADE,
      agent_id text REFERENCES agent_configs ON DELETE CASCADE,
      measure text NOT NULL CHECK (measure IN ('messages', 'tokens', 'money', 'running')),
      period text NOT NULL CHECK (period IN ('day', 'month', 'now')),
      soft_limit bigint CHECK (soft_limit >= 0),
      hard_limit bigint NOT NULL CHECK (hard_limit >= 0),
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      CHECK ((measure = 'running') = (period = 'now')),
      CHECK ((scope = 'user') = (user_id IS NOT NULL)),
      CHECK ((scope IN ('group', 'group-member')) = (group_id IS NOT NULL)),
      CHECK ((scope = 'agent') = (agent_id IS NOT NULL))
    );
    CREATE UNIQUE INDEX quotas_subject
      ON quotas (scope, coalesce(user_id, group_id, agent_id, ''), measure, period);

    CREATE TABLE quota_usage (
      quota_id text NOT NULL REFERENCES quotas ON DELETE CASCADE,
      window_key text NOT NULL,
      subject_id text NOT NULL,
      used bigint NOT NULL DEFAULT 0,
      reserved bigint NOT NULL DEFAULT 0,
      is_warned boolean NOT NULL DEFAULT false,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (quota_id, window_key, subject_id)
    ) WITH (
      fillfactor = 50,
      autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500,
      autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000
    );

    CREATE TABLE quota_reservations (
      generation_id text NOT NULL,
      quota_id text NOT NULL,
      window_key text NOT NULL,
      subject_id text NOT NULL,
      measure text NOT NULL,
      amount bigint NOT NULL,
      PRIMARY KEY (generation_id, quota_id)
    ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

    CREATE TABLE agent_prices (
      agent_id text PRIMARY KEY REFERENCES agent_configs ON DELETE CASCADE,
      input_micros bigint NOT NULL CHECK (input_micros >= 0),
      output_micros bigint NOT NULL CHECK (output_micros >= 0),
      updated_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE usage_records (
      generation_id text PRIMARY KEY,
      user_id text NOT NULL,
      agent_id text NOT NULL,
      input_tokens bigint NOT NULL,
      output_tokens bigint NOT NULL,
      cost_micros bigint NOT NULL,
      is_estimated boolean NOT NULL,
      ended_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX usage_records_user ON usage_records (user_id, ended_at);
    CREATE INDEX usage_records_ended ON usage_records USING brin (ended_at);
  `,
}
