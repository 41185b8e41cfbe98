import type { CreateGroupRequest, Group, UpdateGroupRequest } from '@llmchat/protocol/api/admin-schema'
import { sql, type Kysely } from 'kysely'
import { AppError } from '../base/app-error.ts'
import type { CreateId } from '../base/ids.ts'
import type { CacheOptions, CacheService } from '../cache/cache-service.ts'
import type { Alongside } from '../db/alongside.ts'
import { refuseViolatedUnique } from '../db/database-error.ts'
import type { Database } from '../db/database.ts'
import type { DatabaseSchema } from '../db/schema.ts'

/** Groups of people. Errors: `group_not_found`, `user_not_found`, `conflict` for a name that is taken. */
export interface Groups {
  /** By name. */
  listGroups(): Promise<Group[]>
  createGroup(group: CreateGroupRequest, alongside: Alongside<Group>): Promise<Group>
  updateGroup(groupId: string, changes: UpdateGroupRequest, alongside: Alongside): Promise<Group>
  /** Its members stay; the access rules that name it go. */
  deleteGroup(groupId: string, alongside: Alongside): Promise<void>
  /** Adding a member and removing somebody who is none change nothing, and `alongside` does not run. */
  setMember(key: { groupId: string; userId: string }, isMember: boolean, alongside: Alongside): Promise<void>
  /** Of a person; out of memory until somebody changes them, 5 s at most. */
  listGroupIds(userId: string): Promise<readonly string[]>
}

const MAX_GROUPS = 2000
const caching: CacheOptions = { scope: 'process', freshMs: 5000 }

export function toUserGroupsKey(userId: string): string {
  return `user-groups:${userId}`
}

async function getGroup(kysely: Kysely<DatabaseSchema>, groupId: string): Promise<Group> {
  const [group] = await listFrom(kysely, sql`WHERE g.id = ${groupId}`)
  if (group === undefined) throw new AppError('group_not_found')
  return group
}

async function listFrom(kysely: Kysely<DatabaseSchema>, where: ReturnType<typeof sql>): Promise<Group[]> {
  const result = await sql<Omit<Group, 'createdAt'> & { createdAt: Date }>`
    SELECT g.id, g.name, g.description, g.created_at AS "createdAt",
      (SELECT count(*)::int FROM group_members m WHERE m.group_id = g.id) AS "memberCount"
    FROM groups g ${where} ORDER BY g.name LIMIT ${MAX_GROUPS}`.execute(kysely)
  return result.rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))
}

function refuseTaken<T>(write: Promise<T>): Promise<T> {
  return refuseViolatedUnique(
    write,
    (cause) => new AppError('conflict', { message: 'There is already a group of this name.', cause }),
  )
}

export function createGroups(deps: {
  database: Database
  cache: Pick<CacheService, 'getOrSet' | 'del'>
  createId: CreateId
}): Groups {
  const { database, cache } = deps

  async function loadGroupIds(userId: string): Promise<string[]> {
    const rows = await database.kysely
      .selectFrom('group_members')
      .select('group_id')
      .where('user_id', '=', userId)
      .execute()
    return rows.map((row) => row.group_id)
  }

  async function changeMember(
    trx: Kysely<DatabaseSchema>,
    key: { groupId: string; userId: string },
    isMember: boolean,
  ): Promise<boolean> {
    await getGroup(trx, key.groupId)
    const user = await trx.selectFrom('users').select('id').where('id', '=', key.userId).executeTakeFirst()
    if (user === undefined) throw new AppError('user_not_found')
    const row = { group_id: key.groupId, user_id: key.userId }
    if (isMember) {
      const added = trx.insertInto('group_members').values(row)
      const result = await added.onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
      return result.numInsertedOrUpdatedRows === 1n
    }
    const removed = trx.deleteFrom('group_members').where('group_id', '=', key.groupId)
    return (await removed.where('user_id', '=', key.userId).executeTakeFirst()).numDeletedRows === 1n
  }

  return {
    listGroups: () => listFrom(database.kysely, sql``),
    createGroup: ({ name, description = '' }, alongside) =>
      refuseTaken(
        database.transaction(async (trx) => {
          const id = deps.createId()
          await trx.insertInto('groups').values({ id, name, description }).execute()
          const group = await getGroup(trx, id)
          await alongside(trx, group)
          return group
        }),
      ),
    updateGroup: (groupId, changes, alongside) =>
      refuseTaken(
        database.transaction(async (trx) => {
          await trx
            .updateTable('groups')
            .set({ ...changes, updated_at: new Date() })
            .where('id', '=', groupId)
            .execute()
          const group = await getGroup(trx, groupId)
          await alongside(trx)
          return group
        }),
      ),
    async deleteGroup(groupId, alongside) {
      const memberIds = await database.transaction(async (trx) => {
        await getGroup(trx, groupId)
        const members = await trx
          .selectFrom('group_members')
          .select('user_id')
          .where('group_id', '=', groupId)
          .execute()
        await trx.deleteFrom('groups').where('id', '=', groupId).execute()
        await alongside(trx)
        return members.map((row) => row.user_id)
      })
      await cache.del(...memberIds.map(toUserGroupsKey))
    },
    async setMember(key, isMember, alongside) {
      await database.transaction(async (trx) => {
        if (await changeMember(trx, key, isMember)) await alongside(trx)
      })
      await cache.del(toUserGroupsKey(key.userId))
    },
    async listGroupIds(userId) {
      return (await cache.getOrSet(toUserGroupsKey(userId), () => loadGroupIds(userId), caching)) ?? []
    },
  }
}
