import { sql, type Kysely, type RawBuilder } from 'kysely'
import { AppError } from '../../base/app-error.ts'
import type { DatabaseSchema } from '../../db/schema.ts'
import type { ScimUserRow } from './scim-user.ts'
import type { FilterColumns } from './to-filter-sql.ts'

const userName = sql`coalesce(s.user_name, u.email)`

export const userColumns: FilterColumns = {
  id: { kind: 'exact', column: sql`u.id` },
  username: { kind: 'folded', column: userName },
  externalid: { kind: 'exact', column: sql`s.external_id` },
  displayname: { kind: 'folded', column: sql`u.name` },
  'name.formatted': { kind: 'folded', column: sql`u.name` },
  'name.givenname': { kind: 'folded', column: sql`s.given_name` },
  'name.familyname': { kind: 'folded', column: sql`s.family_name` },
  emails: { kind: 'folded', column: sql`u.email` },
  'emails.value': { kind: 'folded', column: sql`u.email` },
  'emails.type': { kind: 'fixed', value: 'work' },
  'emails.primary': { kind: 'fixed', value: true },
  active: { kind: 'flag', column: sql`u.is_active` },
  'meta.created': { kind: 'time', column: sql`u.created_at` },
  'meta.lastmodified': { kind: 'time', column: sql`u.updated_at` },
}

/** Everybody but who was erased, or deleted by SCIM: to SCIM they are not there. */
function toVisible(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`FROM users u LEFT JOIN scim_users s ON s.user_id = u.id
    WHERE u.erased_at IS NULL AND s.deleted_at IS NULL AND ${condition}`
}

export async function countScimUsers(kysely: Kysely<DatabaseSchema>, condition: RawBuilder<unknown>): Promise<number> {
  const counting = sql<{ count: number }>`SELECT count(*)::int AS count ${toVisible(condition)}`
  return (await counting.execute(kysely)).rows[0]?.count ?? 0
}

/** The oldest first. */
export async function findScimUsers(
  kysely: Kysely<DatabaseSchema>,
  condition: RawBuilder<unknown>,
  page: { offset: number; limit: number },
): Promise<ScimUserRow[]> {
  const result = await sql<ScimUserRow>`
    SELECT u.id, ${userName} AS "userName", s.external_id AS "externalId", u.email, u.name, s.given_name AS "givenName",
      s.family_name AS "familyName", u.is_active AS "isActive", u.created_at AS "createdAt", u.updated_at AS "updatedAt",
      coalesce((SELECT jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name) ORDER BY g.name)
        FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.user_id = u.id), '[]') AS groups
    ${toVisible(condition)} ORDER BY u.created_at, u.id LIMIT ${page.limit} OFFSET ${page.offset}`.execute(kysely)
  return result.rows
}

/** Errors: `user_not_found`. */
export async function getScimUser(kysely: Kysely<DatabaseSchema>, id: string): Promise<ScimUserRow> {
  const [row] = await findScimUsers(kysely, sql`u.id = ${id}`, { offset: 0, limit: 1 })
  if (row === undefined) throw new AppError('user_not_found')
  return row
}
