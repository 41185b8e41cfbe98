import type { Migration } from './migration.ts'

/**
 * The audit log. `audit_chain` is one row: the end of the chain and, once old rows were removed, its anchor; whoever appends
 * locks it, which puts all instances in a row. Rows name users without a foreign key: they outlive them. The key that the
 * hashes are made with is sealed, so that who can write to the database alone cannot make hashes.
 */
export const audit: Migration = {
  name: '0008-audit',
  sql: `
    CREATE TABLE audit_keys (
      id text PRIMARY KEY,
      key_sealed text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE audit_logs (
      seq bigint PRIMARY KEY,
      at timestamptz NOT NULL,
      actor_kind text NOT NULL,
      actor_id text,
      api_key_id text,
      action text NOT NULL,
      target_kind text,
      target_id text,
      outcome text NOT NULL CHECK (outcome IN ('success', 'failure')),
      error_code text,
      address text,
      request_id text,
      details jsonb NOT NULL,
      key_id text NOT NULL,
      previous_hash text NOT NULL,
      hash text NOT NULL
    );
    CREATE INDEX audit_logs_at ON audit_logs (at);
    CREATE INDEX audit_logs_actor ON audit_logs (actor_id, seq);
    CREATE INDEX audit_logs_target ON audit_logs (target_id, seq);
    CREATE INDEX audit_logs_action ON audit_logs (action, seq);

    CREATE TABLE audit_chain (
      id boolean PRIMARY KEY DEFAULT true CHECK (id),
      last_seq bigint NOT NULL,
      last_hash text NOT NULL,
      anchor_seq bigint NOT NULL,
      anchor_hash text NOT NULL,
      kept_count bigint NOT NULL,
      key_id text,
      mac text
    );
    INSERT INTO audit_chain (last_seq, last_hash, anchor_seq, anchor_hash, kept_count) VALUES (0, '', 0, '', 0);
  `,
}
