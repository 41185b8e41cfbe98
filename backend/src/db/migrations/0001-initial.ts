import type { Migration } from './migration.ts'

/**
 * The first schema. Chat sessions and messages are keyed by (user_id, id): ids come from clients, and a key that begins
 * with the owner makes an unscoped query fail rather than leak. `generations` is updated often while it streams, so no
 * checkpoint column is indexed and pages keep room for HOT updates.
 */
export const initial: Migration = {
  name: '0001-initial',
  sql: `
    CREATE EXTENSION IF NOT EXISTS pg_trgm;

    CREATE TABLE users (
      id text PRIMARY KEY,
      email text NOT NULL UNIQUE CHECK (email = lower(email)),
      name text NOT NULL,
      password_hash text NOT NULL,
      role text NOT NULL CHECK (role IN ('admin', 'member')),
      is_active boolean NOT NULL DEFAULT true,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE login_sessions (
      id text PRIMARY KEY,
      user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
      token_hash text NOT NULL UNIQUE,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_seen_at timestamptz NOT NULL DEFAULT now(),
      idle_expires_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL
    );
    CREATE INDEX login_sessions_user ON login_sessions (user_id);

    CREATE TABLE api_keys (
      id text PRIMARY KEY,
      user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
      name text NOT NULL,
      prefix text NOT NULL,
      key_hash text NOT NULL UNIQUE,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_used_at timestamptz,
      revoked_at timestamptz
    );
    CREATE INDEX api_keys_user ON api_keys (user_id);

    CREATE TABLE agent_configs (
      id text PRIMARY KEY,
      name text NOT NULL,
      description text NOT NULL DEFAULT '',
      provider text NOT NULL,
      base_url text NOT NULL,
      api_key_sealed text,
      model text,
      app_id text,
      system_prompt text,
      temperature double precision,
      max_tokens integer,
      options jsonb NOT NULL DEFAULT '{}',
      suggestions jsonb NOT NULL DEFAULT '[]',
      origin text NOT NULL CHECK (origin IN ('demo', 'environment', 'import', 'admin')),
      is_active boolean NOT NULL DEFAULT true,
      is_default boolean NOT NULL DEFAULT false,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX agent_configs_provider_active ON agent_configs (provider, is_active);

    CREATE TABLE chat_sessions (
      user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
      id text NOT NULL,
      title text NOT NULL,
      agent_id text,
      active_leaf_id text,
      is_pinned boolean NOT NULL DEFAULT false,
      is_archived boolean NOT NULL DEFAULT false,
      last_answer_at timestamptz,
      last_read_at timestamptz NOT NULL DEFAULT now(),
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (user_id, id)
    );
    CREATE INDEX chat_sessions_recent ON chat_sessions (user_id, updated_at DESC, id DESC);
    CREATE INDEX chat_sessions_list ON chat_sessions (user_id, is_archived, is_pinned DESC, updated_at DESC, id DESC);
    CREATE INDEX chat_sessions_id ON chat_sessions (id);
    CREATE INDEX chat_sessions_title_trgm ON chat_sessions USING gin (title gin_trgm_ops);

    CREATE TABLE chat_messages (
      user_id text NOT NULL,
      id text NOT NULL,
      session_id text NOT NULL,
      parent_id text,
      role text NOT NULL CHECK (role IN ('user', 'assistant')),
      parts jsonb NOT NULL DEFAULT '[]',
      body text NOT NULL DEFAULT '',
      delivery jsonb,
      agent_id text,
      agent_name text,
      generation_id text,
      upstream jsonb NOT NULL DEFAULT '{}',
      usage jsonb,
      timing jsonb,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (user_id, id),
      FOREIGN KEY (user_id, session_id) REFERENCES chat_sessions ON DELETE CASCADE
    );
    CREATE INDEX chat_messages_session_created ON chat_messages (user_id, session_id, created_at, id);
    CREATE INDEX chat_messages_body_trgm ON chat_messages USING gin (body gin_trgm_ops);

    CREATE TABLE generations (
      id text PRIMARY KEY,
      user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
      session_id text,
      message_id text NOT NULL,
      agent_id text NOT NULL,
      owner_instance text NOT NULL,
      fence integer NOT NULL DEFAULT 1,
      status text NOT NULL CHECK (status IN ('running', 'complete', 'stopped', 'interrupted', 'failed')),
      stop_requested_at timestamptz,
      checkpoint_seq integer NOT NULL DEFAULT 0,
      checkpoint jsonb,
      final_seq integer,
      log_closed boolean NOT NULL DEFAULT false,
      adoptions integer NOT NULL DEFAULT 0,
      request jsonb,
      result jsonb,
      upstream jsonb NOT NULL DEFAULT '{}',
      idempotency_key text,
      request_hash text,
      delivery jsonb,
      usage jsonb,
      timing jsonb,
      created_at timestamptz NOT NULL DEFAULT now(),
      finished_at timestamptz,
      UNIQUE (user_id, message_id),
      FOREIGN KEY (user_id, session_id) REFERENCES chat_sessions ON DELETE CASCADE
    ) WITH (fillfactor = 70);
    CREATE UNIQUE INDEX generations_idempotency ON generations (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
    CREATE INDEX generations_running ON generations (owner_instance) WHERE status = 'running';
    CREATE INDEX generations_open_log ON generations (finished_at) WHERE status <> 'running' AND NOT log_closed;
    CREATE INDEX generations_session ON generations (user_id, session_id, created_at DESC);

    CREATE TABLE instances (
      id text PRIMARY KEY,
      heartbeat_at timestamptz NOT NULL DEFAULT now(),
      started_at timestamptz NOT NULL DEFAULT now(),
      dead_at timestamptz,
      is_draining boolean NOT NULL DEFAULT false,
      version text NOT NULL
    );

    CREATE TABLE message_feedback (
      user_id text NOT NULL,
      message_id text NOT NULL,
      rating text NOT NULL CHECK (rating IN ('good', 'bad')),
      comment text,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (user_id, message_id),
      FOREIGN KEY (user_id, message_id) REFERENCES chat_messages ON DELETE CASCADE
    );

    CREATE TABLE settings (
      key text PRIMARY KEY,
      value jsonb NOT NULL,
      updated_at timestamptz NOT NULL DEFAULT now()
    );
  `,
}
