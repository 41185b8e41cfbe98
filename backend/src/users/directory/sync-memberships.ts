import type { UserSource } from '@llmchat/protocol/api/user-schema'
import type { Kysely } from 'kysely'
import type { CreateId } from '../../base/ids.ts'
import type { DatabaseSchema } from '../../db/schema.ts'
import type { DirectoryAct } from './directory-act.ts'

interface Wanted {
  userId: string
  source: UserSource
  /** Names of groups. */
  names: readonly string[]
  /** Groups that are not there are made; else they are passed over. */
  isCreating: boolean
}

async function createMissing(
  trx: Kysely<DatabaseSchema>,
  deps: { createId: CreateId },
  { source, names }: Wanted,
): Promise<DirectoryAct[]> {
  const found = await trx.selectFrom('groups').select('name').where('name', 'in', names).execute()
  const missing = names.filter((name) => !found.some((group) => group.name === name))
  if (missing.length === 0) return []
  const made = await trx
    .insertInto('groups')
    .values(missing.map((name) => ({ id: deps.createId(), name })))
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('id')
    .execute()
  return made.map(({ id }) => ({ action: 'group.created', target: { kind: 'group', id }, details: { source } }))
}

/**
 * Brings somebody's memberships to what a directory says, and touches none that others gave. Returns what was done; empty:
 * nothing had to be.
 */
export async function syncMemberships(
  trx: Kysely<DatabaseSchema>,
  deps: { createId: CreateId },
  wanted: Wanted,
): Promise<DirectoryAct[]> {
  const { userId, source, names } = wanted
  const created = wanted.isCreating && names.length > 0 ? await createMissing(trx, deps, wanted) : []
  const groups =
    names.length === 0 ? [] : await trx.selectFrom('groups').select('id').where('name', 'in', names).execute()
  const ids = groups.map((group) => group.id)
  let leaving = trx.deleteFrom('group_members').where('user_id', '=', userId).where('source', '=', source)
  if (ids.length > 0) leaving = leaving.where('group_id', 'not in', ids)
  const left = await leaving.returning('group_id').execute()
  const joined =
    ids.length === 0
      ? []
      : await trx
          .insertInto('group_members')
          .values(ids.map((id) => ({ group_id: id, user_id: userId, source })))
          .onConflict((conflict) => conflict.doNothing())
          .returning('group_id')
          .execute()
  const toAct = (action: 'group.member-added' | 'group.member-removed', id: string): DirectoryAct => ({
    action,
    target: { kind: 'group', id },
    details: { userId, source },
  })
  return [
    ...created,
    ...left.map((row) => toAct('group.member-removed', row.group_id)),
    ...joined.map((row) => toAct('group.member-added', row.group_id)),
  ]
}
