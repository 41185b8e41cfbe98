import type { Migration } from './migration.ts'

/**
 * Files that people sent. A row is made before the first byte is stored, and every row that goes, by whatever way, leaves the
 * name of its bytes in `upload_removals`: whoever is interrupted in between leaves a row that says what is left to do. A
 * question and its edits may use the same file, so that it goes with the last of them; one that was never sent has no last
 * message and is looked for by its age.
 */
export const attachments: Migration = {
  name: '0014-attachments',
  sql: `
    CREATE TABLE attachments (
      id text PRIMARY KEY,
      user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
      store_key text NOT NULL UNIQUE,
      is_ready boolean NOT NULL DEFAULT false,
      name text NOT NULL,
      media_type text NOT NULL DEFAULT '',
      kind text NOT NULL DEFAULT 'file' CHECK (kind IN ('image', 'text', 'file')),
      size_bytes bigint NOT NULL,
      sha256 text NOT NULL DEFAULT '',
      width_px integer,
      height_px integer,
      first_used_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX attachments_user ON attachments (user_id);
    CREATE INDEX attachments_unused ON attachments (created_at) WHERE first_used_at IS NULL;

    CREATE TABLE message_attachments (
      user_id text NOT NULL,
      message_id text NOT NULL,
      session_id text NOT NULL,
      attachment_id text NOT NULL REFERENCES attachments ON DELETE CASCADE,
      position integer NOT NULL,
      PRIMARY KEY (user_id, message_id, attachment_id),
      FOREIGN KEY (user_id, message_id) REFERENCES chat_messages ON DELETE CASCADE
    );
    CREATE INDEX message_attachments_session ON message_attachments (user_id, session_id);
    CREATE INDEX message_attachments_attachment ON message_attachments (attachment_id);

    CREATE TABLE upload_removals (
      store_key text PRIMARY KEY,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE FUNCTION note_upload_removal() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO upload_removals (store_key) VALUES (OLD.store_key) ON CONFLICT DO NOTHING;
        RETURN NULL;
      END
    $$;
    CREATE TRIGGER attachments_removed AFTER DELETE ON attachments
      FOR EACH ROW EXECUTE FUNCTION note_upload_removal();

    CREATE FUNCTION drop_unlinked_attachment() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        DELETE FROM attachments WHERE id = OLD.attachment_id
          AND NOT EXISTS (SELECT FROM message_attachments WHERE attachment_id = OLD.attachment_id);
        RETURN NULL;
      END
    $$;
    CREATE TRIGGER message_attachments_removed AFTER DELETE ON message_attachments
      FOR EACH ROW EXECUTE FUNCTION drop_unlinked_attachment();

    ALTER TABLE agent_configs
      ADD COLUMN takes_images boolean NOT NULL DEFAULT false,
      ADD COLUMN takes_files boolean NOT NULL DEFAULT false;
  `,
}
