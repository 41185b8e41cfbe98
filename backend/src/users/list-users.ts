import type { AdminUser, AdminUserPage } from '@llmchat/protocol/api/admin-schema'
import type { UserRole } from '@llmchat/protocol/api/user-schema'
import { sql, type Kysely, type RawBuilder } from 'kysely'
import { AppError } from '../base/app-error.ts'
import type { Database } from '../db/database.ts'
import type { DatabaseSchema } from '../db/schema.ts'

export interface ListUsersOptions {
  cursor?: string
  limit?: number
  /** Looked for in address and name. */
  q?: string
  role?: UserRole
  state?: 'active' | 'inactive'
  groupId?: string
  /** Ids with commas between. */
  ids?: string
}

interface UserRow extends Omit<AdminUser, 'erasedAt' | 'lastSeenAt' | 'createdAt'> {
  erasedAt: Date | null
  lastSeenAt: Date | null
  createdAt: Date
}

const DEFAULT_LIMIT = 50

function toAdminUser(row: UserRow): AdminUser {
  return {
    ...row,
    erasedAt: row.erasedAt?.toISOString() ?? null,
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  }
}

async function listFrom(
  kysely: Kysely<DatabaseSchema>,
  conditions: readonly RawBuilder<unknown>[],
  limit: number,
): Promise<AdminUser[]> {
  const where = conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` AND `)
  const result = await sql<UserRow>`
    SELECT u.id, u.email, u.name, u.role, u.source, u.is_active AS "isActive", u.is_on_legal_hold AS "isOnLegalHold",
      u.erased_at AS "erasedAt", u.created_at AS "createdAt",
      EXISTS (SELECT FROM user_totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL) AS "hasSecondFactor",
      coalesce((SELECT jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name) ORDER BY g.name)
        FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.user_id = u.id), '[]') AS groups,
      greatest((SELECT max(last_seen_at) FROM login_sessions s WHERE s.user_id = u.id),
        (SELECT max(last_used_at) FROM api_keys k WHERE k.user_id = u.id)) AS "lastSeenAt"
    FROM users u WHERE ${where} ORDER BY u.email LIMIT ${limit}`.execute(kysely)
  return result.rows.map(toAdminUser)
}

function toConditions(options: ListUsersOptions): RawBuilder<unknown>[] {
  const { q, role, state, groupId, ids, cursor } = options
  const pattern = `%${(q ?? '').trim().replace(/[\\%_]/g, '\\$&')}%`
  return [
    ...(pattern === '%%' ? [] : [sql`(u.email ILIKE ${pattern} OR u.name ILIKE ${pattern})`]),
    ...(role === undefined ? [] : [sql`u.role = ${role}`]),
    ...(state === undefined ? [] : [sql`u.is_active = ${state === 'active'}`]),
    ...(groupId === undefined
      ? []
      : [sql`EXISTS (SELECT FROM group_members m WHERE m.group_id = ${groupId} AND m.user_id = u.id)`]),
    ...(ids === undefined ? [] : [sql`u.id IN (${sql.join(ids.split(','))})`]),
    ...(cursor === undefined ? [] : [sql`u.email > ${Buffer.from(cursor, 'base64url').toString()}`]),
  ]
}

/** By address, in pages by keyset. */
export async function listUsers(deps: { database: Database }, options: ListUsersOptions): Promise<AdminUserPage> {
  const limit = options.limit ?? DEFAULT_LIMIT
  const found = await listFrom(deps.database.kysely, toConditions(options), limit + 1)
  const users = found.slice(0, limit)
  const last = users.at(-1)
  return { users, nextCursor: found.length > limit && last ? Buffer.from(last.email).toString('base64url') : null }
}

/** Errors: `user_not_found`. */
export async function getUser(kysely: Kysely<DatabaseSchema>, userId: string): Promise<AdminUser> {
  const [user] = await listFrom(kysely, [sql`u.id = ${userId}`], 1)
  if (user === undefined) throw new AppError('user_not_found')
  return user
}
