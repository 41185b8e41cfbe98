import type { Upload } from '@llmchat/protocol/api/upload-schema'
import { toUploadUrl } from '@llmchat/protocol/upload-url'
import { sql, type Selectable } from 'kysely'
import type { AttachmentTable } from '../db/attachment-tables.ts'
import type { Database } from '../db/database.ts'
import type { DetectedContent } from './detect-content.ts'

interface Deps {
  database: Database
}

export interface StoredUpload {
  upload: Upload
  storeKey: string
  sha256: string
}

type AttachmentRow = Selectable<AttachmentTable>

function toStored(row: AttachmentRow): StoredUpload {
  const upload = {
    id: row.id,
    name: row.name,
    mediaType: row.media_type,
    kind: row.kind,
    sizeBytes: row.size_bytes,
    widthPx: row.width_px,
    heightPx: row.height_px,
    url: toUploadUrl(row.id),
    createdAt: row.created_at.toISOString(),
  }
  return { upload, storeKey: row.store_key, sha256: row.sha256 }
}

/**
 * Sets the space aside before the bytes come. False: this person has no room for them. One at a time for each person: two
 * that looked at the same moment would both find the last room.
 */
export async function reserveUpload(
  { database }: Deps,
  upload: { id: string; userId: string; storeKey: string; name: string; sizeBytes: number; maxUserBytes: number },
): Promise<boolean> {
  const { id, userId, storeKey, name, sizeBytes, maxUserBytes } = upload
  return database.transaction(async (trx) => {
    await trx.selectFrom('users').select('id').where('id', '=', userId).forNoKeyUpdate().execute()
    const { used } = await trx
      .selectFrom('attachments')
      .select(sql<string>`coalesce(sum(size_bytes), 0)`.as('used'))
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow()
    if (Number(used) + sizeBytes > maxUserBytes) return false
    const row = { id, user_id: userId, store_key: storeKey, name, size_bytes: sizeBytes }
    await trx.insertInto('attachments').values(row).execute()
    return true
  })
}

/** The bytes are stored. Null: the row is gone by now, as its owner was erased. */
export async function finishUpload(
  { database }: Deps,
  id: string,
  stored: { sizeBytes: number; sha256: string; content: DetectedContent },
): Promise<StoredUpload | null> {
  const row = await database.kysely
    .updateTable('attachments')
    .set({
      is_ready: true,
      media_type: stored.content.mediaType,
      kind: stored.content.kind,
      size_bytes: stored.sizeBytes,
      sha256: stored.sha256,
      width_px: stored.content.widthPx,
      height_px: stored.content.heightPx,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row ? toStored(row) : null
}

/** Of one person, those that are there; in the order of `ids`. */
export async function listUploads({ database }: Deps, userId: string, ids: readonly string[]): Promise<StoredUpload[]> {
  if (ids.length === 0) return []
  const rows = await database.kysely
    .selectFrom('attachments')
    .selectAll()
    .where('user_id', '=', userId)
    .where('id', 'in', ids)
    .where('is_ready', '=', true)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    return row ? [toStored(row)] : []
  })
}

export async function findStoreKey({ database }: Deps, id: string): Promise<string | null> {
  const row = await database.kysely
    .selectFrom('attachments')
    .select('store_key')
    .where('id', '=', id)
    .where('is_ready', '=', true)
    .executeTakeFirst()
  return row?.store_key ?? null
}

/** True when it went; false when a message has it, or there is none. */
export async function deleteUnusedUpload({ database }: Deps, userId: string, id: string): Promise<boolean> {
  const rows = await database.query(
    {
      name: 'delete-unused-upload',
      text: `DELETE FROM attachments WHERE user_id = $1 AND id = $2
        AND NOT EXISTS (SELECT FROM message_attachments WHERE attachment_id = $2) RETURNING id`,
    },
    [userId, id],
    { priority: 'write' },
  )
  return rows.length > 0
}

/** What is not stored after all. */
export async function dropUpload({ database }: Deps, id: string): Promise<void> {
  await database.kysely.deleteFrom('attachments').where('id', '=', id).execute()
}

/** What was never sent. Files of messages go with the last of these, in the database itself. */
export async function deleteUnused({ database }: Deps, unusedHours: number): Promise<void> {
  await database.kysely
    .deleteFrom('attachments')
    .where('first_used_at', 'is', null)
    .where('created_at', '<', sql<Date>`now() - make_interval(hours => ${unusedHours}::int)`)
    .execute()
}

export async function listRemovals({ database }: Deps, limit: number): Promise<string[]> {
  const rows = await database.kysely
    .selectFrom('upload_removals')
    .select('store_key')
    .orderBy('created_at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.store_key)
}

export async function forgetRemoval({ database }: Deps, storeKey: string): Promise<void> {
  await database.kysely.deleteFrom('upload_removals').where('store_key', '=', storeKey).execute()
}
