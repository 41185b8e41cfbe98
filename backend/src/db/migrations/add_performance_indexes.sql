-- The performance indexes, for whoever tends the database by hand:
--
--   psql -v ON_ERROR_STOP=1 -d llmchat -f backend/src/db/migrations/add_performance_indexes.sql
--
-- The server does the same by itself (migration 0002); this file changes nothing on a migrated database and may be run
-- as often as one likes. It builds beside the running system, so it must not be wrapped in a transaction (no psql -1).
-- A build that was cut off leaves an INVALID index, which is written to and never read: such ones are dropped first and
-- built anew, so after an error: run it again.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;

-- What an interrupted build left. One statement each, sent by \gexec: DROP … CONCURRENTLY runs in no transaction.
SELECT format('DROP INDEX CONCURRENTLY IF EXISTS %s', indexrelid::regclass)
FROM pg_index
WHERE NOT indisvalid
  AND indexrelid = ANY (ARRAY[
    to_regclass('chat_messages_by_session'),
    to_regclass('chat_messages_by_user'),
    to_regclass('chat_messages_created_brin'),
    to_regclass('generations_created_brin'),
    to_regclass('chat_sessions_recent'),
    to_regclass('chat_sessions_list'),
    to_regclass('chat_sessions_title_trgm'),
    to_regclass('chat_messages_body_trgm'),
    to_regclass('agent_configs_provider_active')
  ])
\gexec

-- Chats of a person, newest first: chat_sessions (user_id, updated_at DESC). `id` breaks ties, so that a page ends at one
-- place; a second index without it would only cost writes.
CREATE INDEX CONCURRENTLY IF NOT EXISTS chat_sessions_recent ON chat_sessions (user_id, updated_at DESC, id DESC);

-- The same as the sidebar shows them: without the archived, pinned ones first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS chat_sessions_list
  ON chat_sessions (user_id, is_archived, is_pinned DESC, updated_at DESC, id DESC);

-- Messages of a chat in order: chat_messages (session_id, created_at ASC). `id` breaks ties; `user_id` lets the owner,
-- whom all our statements name, and the foreign key (user_id, session_id) be checked within the index.
CREATE INDEX CONCURRENTLY IF NOT EXISTS chat_messages_by_session ON chat_messages (session_id, created_at, id, user_id);

-- Its predecessor began with the owner, so that it answered nobody who asked by chat alone.
DROP INDEX CONCURRENTLY IF EXISTS chat_messages_session_created;

-- Messages of a person, newest first: a search reads the newest through before it asks the trigrams, because a frequent
-- word has more finds than one can look at.
CREATE INDEX CONCURRENTLY IF NOT EXISTS chat_messages_by_user ON chat_messages (user_id, created_at, id);

-- Agents in use, by provider.
CREATE INDEX CONCURRENTLY IF NOT EXISTS agent_configs_provider_active ON agent_configs (provider, is_active);

-- Foreign keys. These begin with the columns that a deletion of the parent looks for; where the primary key or an index
-- above does so already (chat_sessions, chat_messages, message_feedback), there is none of its own.
CREATE INDEX CONCURRENTLY IF NOT EXISTS login_sessions_user ON login_sessions (user_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS api_keys_user ON api_keys (user_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS generations_session ON generations (user_id, session_id, created_at DESC);

-- Time ranges over everything (reports, retention). Rows come in the order of time, so a few kilobytes of BRIN are
-- enough. Only creation times: a BRIN on a column that changes would take the HOT updates away.
CREATE INDEX CONCURRENTLY IF NOT EXISTS chat_messages_created_brin
  ON chat_messages USING brin (created_at) WITH (autosummarize = on);
CREATE INDEX CONCURRENTLY IF NOT EXISTS generations_created_brin
  ON generations USING brin (created_at) WITH (autosummarize = on);

-- Search in Chinese and English, anywhere in a word. Needs a database with a UTF-8 character type (`llmchat doctor`).
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX CONCURRENTLY IF NOT EXISTS chat_sessions_title_trgm ON chat_sessions USING gin (title gin_trgm_ops);
CREATE INDEX CONCURRENTLY IF NOT EXISTS chat_messages_body_trgm ON chat_messages USING gin (body gin_trgm_ops);

-- Nothing of these may be left INVALID.
DO $$
DECLARE invalid text;
BEGIN
  SELECT string_agg(indexrelid::regclass::text, ', ') INTO invalid FROM pg_index WHERE NOT indisvalid;
  IF invalid IS NOT NULL THEN
    RAISE EXCEPTION 'these indexes are INVALID, run this file again: %', invalid;
  END IF;
END $$;
