import { sql, type Kysely } from 'kysely'
import { refuseViolatedUnique } from '../../db/database-error.ts'
import type { DatabaseSchema } from '../../db/schema.ts'
import { assertAdminStays } from '../assert-admin-stays.ts'
import type { DirectoryAct } from '../directory/directory-act.ts'
import { listCredentialKeys } from '../list-credential-keys.ts'
import { applyPatch } from './apply-patch.ts'
import { assertVersion } from './assert-version.ts'
import { countScimUsers, findScimUsers, getScimUser, userColumns } from './find-scim-users.ts'
import { toUniquenessError, type ScimJson } from './scim-json.ts'
import { selectAttributes, toListResponse, toPage } from './scim-page.ts'
import type { ScimDeps, ScimResources, ScimWrite } from './scim-resources.ts'
import { parseUser, toUserResource, type ScimUser } from './scim-user.ts'
import { toFilterSql } from './to-filter-sql.ts'

type Trx = Kysely<DatabaseSchema>

function toAct(action: DirectoryAct['action'], id: string, details: DirectoryAct['details'] = {}): DirectoryAct {
  return { action, target: { kind: 'user', id }, details: { ...details, source: 'scim' } }
}

function toScimColumns(user: ScimUser) {
  const { userName, externalId, givenName, familyName } = user
  return {
    user_name: userName,
    user_name_key: userName.toLowerCase(),
    external_id: externalId,
    given_name: givenName,
    family_name: familyName,
    deleted_at: null,
  }
}

function toUserColumns(user: ScimUser, now: Date) {
  return { email: user.email, name: user.name, is_active: user.isActive, updated_at: now }
}

function refuseTaken<T>(write: Promise<T>): Promise<T> {
  return refuseViolatedUnique(write, (cause) =>
    toUniquenessError('There is already a user of this userName or address.', cause),
  )
}

/**
 * The person and all administrators, in the order in which everybody locks administrators: so none waits for the other in a
 * ring.
 */
async function lockUser(trx: Trx, id: string): Promise<void> {
  await sql`SELECT FROM users WHERE id = ${id} OR (role = 'admin' AND is_active) ORDER BY id FOR UPDATE`.execute(trx)
}

function listChanged(before: ScimUser, after: ScimUser): string[] {
  const keys = Object.keys(after) as (keyof ScimUser)[]
  return keys.filter((key) => before[key] !== after[key])
}

/**
 * People as SCIM 2.0 (RFC 7643, 7644) keeps them. All are SCIM's to see, also those who were made here: a directory finds
 * them by address and takes them over. `remove` switches off, and they are not there for SCIM any more: the chats belong to
 * the company, erasing is an administrator's act. Errors: `user_not_found`, `last_admin`, and those of ScimResources.
 */
export function createScimUsers(deps: ScimDeps): ScimResources {
  const { database, cache, clock } = deps

  async function findDeleted(trx: Trx, user: ScimUser): Promise<string | null> {
    const row = await trx
      .selectFrom('scim_users')
      .innerJoin('users', 'users.id', 'scim_users.user_id')
      .select('users.id')
      .where('deleted_at', 'is not', null)
      .where((where) =>
        where.or([where('user_name_key', '=', user.userName.toLowerCase()), where('email', '=', user.email)]),
      )
      .executeTakeFirst()
    return row?.id ?? null
  }

  async function save(trx: Trx, id: string, user: ScimUser): Promise<void> {
    const now = new Date(clock.nowMs())
    const columns = toScimColumns(user)
    await trx.updateTable('users').set(toUserColumns(user, now)).where('id', '=', id).execute()
    await trx
      .insertInto('scim_users')
      .values({ ...columns, user_id: id })
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet(columns))
      .execute()
  }

  async function insert(trx: Trx, user: ScimUser): Promise<string> {
    const id = deps.createId()
    const now = new Date(clock.nowMs())
    const row = { ...toUserColumns(user, now), id, password_hash: null, role: 'member', source: 'scim' } as const
    await trx
      .insertInto('users')
      .values({ ...row, created_at: now })
      .execute()
    await trx
      .insertInto('scim_users')
      .values({ ...toScimColumns(user), user_id: id })
      .execute()
    return id
  }

  async function change(id: string, write: ScimWrite, toAfter: (before: ScimJson) => ScimJson): Promise<ScimJson> {
    const changing = database.transaction(async (trx) => {
      await lockUser(trx, id)
      const before = await getScimUser(trx, id)
      const shown = toUserResource(before, write.baseUrl)
      assertVersion(write.ifMatch, shown)
      const after = parseUser(toAfter(shown), shown)
      const fields = listChanged(before, after)
      if (fields.length === 0) return { resource: shown, forgotten: [] }
      if (!after.isActive) await assertAdminStays(trx, id)
      await save(trx, id, after)
      const forgotten = await listCredentialKeys(trx, id)
      if (!after.isActive) await trx.deleteFrom('login_sessions').where('user_id', '=', id).execute()
      const isSwitched = before.isActive !== after.isActive
      const action = isSwitched && !after.isActive ? 'user.deactivated' : 'user.changed'
      await write.record(trx, [toAct(action, id, { fields, ...(isSwitched ? { isActive: after.isActive } : {}) })])
      return { resource: toUserResource(await getScimUser(trx, id), write.baseUrl), forgotten }
    })
    const { resource, forgotten } = await refuseTaken(changing)
    // From the next request on, on every instance.
    await cache.del(...forgotten)
    return resource
  }

  return {
    async list(query, baseUrl) {
      const condition = toFilterSql(query.filter, userColumns)
      const page = toPage(query)
      const [total, rows] = await Promise.all([
        countScimUsers(database.kysely, condition),
        page.limit === 0 ? [] : findScimUsers(database.kysely, condition, page),
      ])
      const resources = rows.map((row) => selectAttributes(toUserResource(row, baseUrl), query))
      return toListResponse(resources, total, page.offset)
    },
    async get(id, baseUrl) {
      return toUserResource(await getScimUser(database.kysely, id), baseUrl)
    },
    async create(resource, { baseUrl, record }) {
      const user = parseUser(resource, null)
      return refuseTaken(
        database.transaction(async (trx) => {
          const deleted = await findDeleted(trx, user)
          if (deleted !== null) await save(trx, deleted, user)
          const id = deleted ?? (await insert(trx, user))
          const act = deleted === null ? toAct('user.created', id) : toAct('user.changed', id, { fields: ['isActive'] })
          await record(trx, [act])
          return toUserResource(await getScimUser(trx, id), baseUrl)
        }),
      )
    },
    replace: (id, resource, write) => change(id, write, () => resource),
    patch: (id, body, write) => change(id, write, (before) => applyPatch(before, body)),
    async remove(id, { baseUrl, record, ifMatch }) {
      const forgotten = await database.transaction(async (trx) => {
        await lockUser(trx, id)
        const before = await getScimUser(trx, id)
        assertVersion(ifMatch, toUserResource(before, baseUrl))
        await assertAdminStays(trx, id)
        await save(trx, id, { ...before, isActive: false })
        const deleted = { deleted_at: new Date(clock.nowMs()) }
        await trx.updateTable('scim_users').set(deleted).where('user_id', '=', id).execute()
        const keys = await listCredentialKeys(trx, id)
        await trx.deleteFrom('login_sessions').where('user_id', '=', id).execute()
        await record(trx, [toAct('user.deactivated', id)])
        return keys
      })
      await cache.del(...forgotten)
    },
  }
}
