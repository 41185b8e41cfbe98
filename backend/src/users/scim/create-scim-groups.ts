import { sql, type Kysely, type RawBuilder } from 'kysely'
import { AppError } from '../../base/app-error.ts'
import { refuseViolatedUnique } from '../../db/database-error.ts'
import type { DatabaseSchema } from '../../db/schema.ts'
import type { DirectoryAct } from '../directory/directory-act.ts'
import { toUserGroupsKey } from '../groups.ts'
import { applyPatch } from './apply-patch.ts'
import { assertVersion } from './assert-version.ts'
import { parseGroup, toGroupResource, type ScimGroup, type ScimGroupRow } from './scim-group.ts'
import { toScimRefusal, toUniquenessError, type ScimJson } from './scim-json.ts'
import { isWanted, selectAttributes, toListResponse, toPage } from './scim-page.ts'
import type { ScimDeps, ScimResources, ScimWrite } from './scim-resources.ts'
import { toFilterSql, type FilterColumns } from './to-filter-sql.ts'

type Trx = Kysely<DatabaseSchema>

const columns: FilterColumns = {
  id: { kind: 'exact', column: sql`g.id` },
  displayname: { kind: 'folded', column: sql`g.name` },
  externalid: { kind: 'exact', column: sql`g.external_id` },
  members: { kind: 'member' },
  'members.value': { kind: 'member' },
  'meta.created': { kind: 'time', column: sql`g.created_at` },
  'meta.lastmodified': { kind: 'time', column: sql`g.updated_at` },
}

/** Statements have room for 65,535 values. */
const CHUNK = 5000

async function findGroups(
  kysely: Trx,
  condition: RawBuilder<unknown>,
  options: { offset: number; limit: number; withMembers: boolean },
): Promise<ScimGroupRow[]> {
  const members = options.withMembers
    ? sql`coalesce((SELECT jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) ORDER BY u.id)
        FROM group_members m JOIN users u ON u.id = m.user_id WHERE m.group_id = g.id), '[]')`
    : sql`NULL::jsonb`
  const result = await sql<ScimGroupRow>`
    SELECT g.id, g.name, g.external_id AS "externalId", g.created_at AS "createdAt", g.updated_at AS "updatedAt",
      ${members} AS members
    FROM groups g WHERE ${condition} ORDER BY g.created_at, g.id LIMIT ${options.limit} OFFSET ${options.offset}`.execute(
    kysely,
  )
  return result.rows
}

async function getGroup(kysely: Trx, id: string, withMembers: boolean): Promise<ScimGroupRow> {
  const [row] = await findGroups(kysely, sql`g.id = ${id}`, { offset: 0, limit: 1, withMembers })
  if (row === undefined) throw new AppError('group_not_found')
  return row
}

function toAct(action: DirectoryAct['action'], id: string, details: DirectoryAct['details'] = {}): DirectoryAct {
  return { action, target: { kind: 'group', id }, details: { ...details, source: 'scim' } }
}

function refuseTaken<T>(write: Promise<T>): Promise<T> {
  return refuseViolatedUnique(write, (cause) =>
    toUniquenessError('There is already a group of this displayName.', cause),
  )
}

function* toChunks(ids: readonly string[]): Generator<string[]> {
  for (let start = 0; start < ids.length; start += CHUNK) yield ids.slice(start, start + CHUNK)
}

async function addMembers(trx: Trx, groupId: string, userIds: readonly string[]): Promise<void> {
  for (const ids of toChunks(userIds)) {
    const found = await trx.selectFrom('users').select('id').where('id', 'in', ids).execute()
    if (found.length < ids.length) throw toScimRefusal('invalidValue', 'A member is no user that is known here.')
    await trx
      .insertInto('group_members')
      .values(ids.map((id) => ({ group_id: groupId, user_id: id, source: 'scim' as const })))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

async function removeMembers(trx: Trx, groupId: string, userIds: readonly string[]): Promise<void> {
  for (const ids of toChunks(userIds)) {
    await trx.deleteFrom('group_members').where('group_id', '=', groupId).where('user_id', 'in', ids).execute()
  }
}

/**
 * Groups as SCIM 2.0 keeps them. `remove`: its members stay; the access rules that name it go. Errors: `group_not_found`,
 * and those of ScimResources.
 */
export function createScimGroups(deps: ScimDeps & { forgetAgentAccess: () => Promise<void> }): ScimResources {
  const { database, cache, clock } = deps

  /** Only what differs is written: a group of thousands gets one more at the price of one. */
  async function saveMembers(
    trx: Trx,
    id: string,
    before: readonly string[],
    after: readonly string[],
  ): Promise<{ moved: string[]; acts: DirectoryAct[] }> {
    const [known, wanted] = [new Set(before), new Set(after)]
    const joined = after.filter((userId) => !known.has(userId))
    const left = before.filter((userId) => !wanted.has(userId))
    await addMembers(trx, id, joined)
    await removeMembers(trx, id, left)
    const acts = [
      ...joined.map((userId) => toAct('group.member-added', id, { userId })),
      ...left.map((userId) => toAct('group.member-removed', id, { userId })),
    ]
    return { moved: [...joined, ...left], acts }
  }

  async function forget(userIds: readonly string[]): Promise<void> {
    if (userIds.length > 0) await cache.del(...userIds.map(toUserGroupsKey))
  }

  async function change(id: string, write: ScimWrite, toAfter: (before: ScimJson) => ScimGroup): Promise<ScimJson> {
    const changing = database.transaction(async (trx) => {
      await sql`SELECT FROM groups WHERE id = ${id} FOR UPDATE`.execute(trx)
      const before = await getGroup(trx, id, true)
      const shown = toGroupResource(before, write.baseUrl)
      assertVersion(write.ifMatch, shown)
      const after = toAfter(shown)
      const { moved, acts } = await saveMembers(
        trx,
        id,
        (before.members ?? []).map((one) => one.id),
        after.memberIds,
      )
      const fields = (['name', 'externalId'] as const).filter((key) => before[key] !== after[key])
      if (fields.length === 0 && moved.length === 0) return { resource: shown, moved }
      const changes = { name: after.name, external_id: after.externalId, updated_at: new Date(clock.nowMs()) }
      await trx.updateTable('groups').set(changes).where('id', '=', id).execute()
      await write.record(trx, [...(fields.length > 0 ? [toAct('group.changed', id, { fields })] : []), ...acts])
      return { resource: toGroupResource(await getGroup(trx, id, true), write.baseUrl), moved }
    })
    const { resource, moved } = await refuseTaken(changing)
    await forget(moved)
    return resource
  }

  return {
    async list(query, baseUrl) {
      const condition = toFilterSql(query.filter, columns)
      const page = toPage(query)
      const counting = sql<{ count: number }>`SELECT count(*)::int AS count FROM groups g WHERE ${condition}`
      const withMembers = isWanted(query, 'members')
      const [counted, rows] = await Promise.all([
        counting.execute(database.kysely),
        page.limit === 0 ? [] : findGroups(database.kysely, condition, { ...page, withMembers }),
      ])
      const resources = rows.map((row) => selectAttributes(toGroupResource(row, baseUrl), query))
      return toListResponse(resources, counted.rows[0]?.count ?? 0, page.offset)
    },
    async get(id, baseUrl) {
      // Always whole: the version is over the members, too.
      return toGroupResource(await getGroup(database.kysely, id, true), baseUrl)
    },
    async create(resource, { baseUrl, record }) {
      const { name, externalId, memberIds } = parseGroup(resource)
      const creating = database.transaction(async (trx) => {
        const id = deps.createId()
        const now = new Date(clock.nowMs())
        const row = { id, name, external_id: externalId, created_at: now, updated_at: now }
        await trx.insertInto('groups').values(row).execute()
        const { acts } = await saveMembers(trx, id, [], memberIds)
        await record(trx, [toAct('group.created', id), ...acts])
        return toGroupResource(await getGroup(trx, id, true), baseUrl)
      })
      const made = await refuseTaken(creating)
      await forget(memberIds)
      return made
    },
    replace: (id, resource, write) => change(id, write, () => parseGroup(resource)),
    patch: (id, body, write) => change(id, write, (before) => parseGroup(applyPatch(before, body))),
    async remove(id, { baseUrl, record, ifMatch }) {
      const left = await database.transaction(async (trx) => {
        await sql`SELECT FROM groups WHERE id = ${id} FOR UPDATE`.execute(trx)
        const before = await getGroup(trx, id, true)
        assertVersion(ifMatch, toGroupResource(before, baseUrl))
        await trx.deleteFrom('groups').where('id', '=', id).execute()
        await record(trx, [toAct('group.deleted', id)])
        return (before.members ?? []).map((member) => member.id)
      })
      await forget(left)
      await deps.forgetAgentAccess()
    },
  }
}
