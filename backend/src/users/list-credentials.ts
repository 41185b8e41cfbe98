import type { ApiKeyPage, ListCredentialsQuery, LoginSessionPage } from '@llmchat/protocol/api/credential-list-schema'
import { sql, type RawBuilder } from 'kysely'
import type { Database } from '../db/database.ts'
import { listedColumns, toApiKey } from './api-keys.ts'

const DEFAULT_LIMIT = 50

const ownerColumns = ['users.id as owner_id', 'users.email as owner_email', 'users.name as owner_name'] as const

function toPattern(q: string | undefined): string {
  return `%${(q ?? '').trim().replace(/[\\%_]/g, '\\$&')}%`
}

interface OwnedRow {
  id: string
  owner_id: string
  owner_email: string
  owner_name: string
}

function toOwner(row: OwnedRow) {
  return { id: row.owner_id, email: row.owner_email, name: row.owner_name }
}

/** One row more than is shown was read: it tells whether there is another page. */
function toPage<Row extends { id: string }>(rows: readonly Row[], limit: number) {
  const shown = rows.slice(0, limit)
  return { shown, nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null }
}

/** Ids count up with time, so that the newest come first by the primary key alone. */
function isBefore(column: 'login_sessions.id' | 'api_keys.id', cursor: string | undefined): RawBuilder<boolean> {
  return cursor === undefined ? sql<boolean>`true` : sql<boolean>`${sql.ref(column)} < ${cursor}`
}

/** Everybody's login sessions that have not ended, the newest sign-in first, in pages by keyset. */
export async function listAllLoginSessions(
  deps: { database: Database },
  query: ListCredentialsQuery,
  nowMs: number,
): Promise<LoginSessionPage> {
  const limit = query.limit ?? DEFAULT_LIMIT
  const pattern = toPattern(query.q)
  const now = new Date(nowMs)
  const rows = await deps.database.kysely
    .selectFrom('login_sessions')
    .innerJoin('users', 'users.id', 'login_sessions.user_id')
    .select(['login_sessions.id', 'login_sessions.created_at', 'last_seen_at', 'expires_at', ...ownerColumns])
    .where('idle_expires_at', '>', now)
    .where('expires_at', '>', now)
    .where(sql<boolean>`(users.email ILIKE ${pattern} OR users.name ILIKE ${pattern})`)
    .where(isBefore('login_sessions.id', query.cursor))
    .orderBy('login_sessions.id', 'desc')
    .limit(limit + 1)
    .execute()
  const { shown, nextCursor } = toPage(rows, limit)
  const loginSessions = shown.map((row) => ({
    id: row.id,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    owner: toOwner(row),
  }))
  return { loginSessions, nextCursor }
}

/** Everybody's API keys that were not revoked, the newest first, in pages by keyset. */
export async function listAllApiKeys(deps: { database: Database }, query: ListCredentialsQuery): Promise<ApiKeyPage> {
  const limit = query.limit ?? DEFAULT_LIMIT
  const pattern = toPattern(query.q)
  const rows = await deps.database.kysely
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .select([...listedColumns.map((column) => `api_keys.${column}` as const), ...ownerColumns])
    .where('revoked_at', 'is', null)
    .where(
      sql<boolean>`(users.email ILIKE ${pattern} OR users.name ILIKE ${pattern} OR api_keys.name ILIKE ${pattern})`,
    )
    .where(isBefore('api_keys.id', query.cursor))
    .orderBy('api_keys.id', 'desc')
    .limit(limit + 1)
    .execute()
  const { shown, nextCursor } = toPage(rows, limit)
  return { apiKeys: shown.map((row) => ({ ...toApiKey(row), owner: toOwner(row) })), nextCursor }
}
