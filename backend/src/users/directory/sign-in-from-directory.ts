import type { UserRole } from '@llmchat/protocol/api/user-schema'
import type { Kysely } from 'kysely'
import { AppError } from '../../base/app-error.ts'
import type { Clock } from '../../base/clock.ts'
import type { CreateId } from '../../base/ids.ts'
import type { CacheService } from '../../cache/cache-service.ts'
import type { DirectoryRules } from '../../config/directory-config.ts'
import { findViolatedUnique } from '../../db/database-error.ts'
import type { Database } from '../../db/database.ts'
import type { DatabaseSchema } from '../../db/schema.ts'
import { assertAdminStays } from '../assert-admin-stays.ts'
import { toUserGroupsKey } from '../groups.ts'
import { listCredentialKeys } from '../list-credential-keys.ts'
import { toEmailKey } from '../user-repository.ts'
import { userColumns, type User } from '../user.ts'
import type { DirectoryAct, RecordActs } from './directory-act.ts'
import type { DirectoryPerson } from './directory-person.ts'
import { findDirectoryUser, type FoundUser } from './find-directory-user.ts'
import { syncMemberships } from './sync-memberships.ts'

export interface DirectorySignInDeps {
  database: Database
  cache: Pick<CacheService, 'del'>
  clock: Clock
  createId: CreateId
}

export interface DirectorySignIn {
  user: User
  /** The role the directory wanted and did not get: somebody must stay administrator. */
  refusedRole: UserRole | null
}

type Trx = Kysely<DatabaseSchema>

const EMAIL = /^[^@\s]+@[^@\s]+$/
const MAX_EMAIL_LENGTH = 254
const MAX_NAME_LENGTH = 120

function toAddress({ email }: DirectoryPerson): string | null {
  const address = email === null ? '' : toEmailKey(email)
  return EMAIL.test(address) && address.length <= MAX_EMAIL_LENGTH ? address : null
}

function toName({ name }: DirectoryPerson): string | null {
  const text = (name ?? '').trim().slice(0, MAX_NAME_LENGTH)
  return text === '' ? null : text
}

async function createPerson(trx: Trx, deps: DirectorySignInDeps, person: DirectoryPerson): Promise<FoundUser> {
  const email = toAddress(person)
  if (email === null) {
    throw new AppError('account_unknown', { message: 'The sign-in service says no e-mail address of you.' })
  }
  const { source } = person
  const row = { id: deps.createId(), email, name: toName(person) ?? email, password_hash: null, source }
  const role = person.role ?? 'member'
  const made = await trx
    .insertInto('users')
    .values({ ...row, role })
    .returning(userColumns)
    .executeTakeFirstOrThrow()
  return { ...made, isActive: true, source }
}

/** What the directory knows better than we, of accounts that came from it. An address somebody else has stays theirs. */
async function toProfileChanges(trx: Trx, user: FoundUser, person: DirectoryPerson) {
  if (user.source !== person.source) return {}
  const name = toName(person)
  const email = person.isEmailVerified ? toAddress(person) : null
  const isEmailNew = email !== null && email !== user.email
  const taken = isEmailNew
    ? await trx.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst()
    : undefined
  return {
    ...(name !== null && name !== user.name ? { name } : {}),
    ...(isEmailNew && taken === undefined ? { email } : {}),
  }
}

/** Null: the role stays, for somebody must be administrator. */
async function findNewRole(trx: Trx, user: FoundUser, role: UserRole | null): Promise<UserRole | null> {
  if (role === null || user.role !== 'admin' || role === 'admin') return role ?? user.role
  try {
    await assertAdminStays(trx, user.id)
    return role
  } catch (error) {
    if (error instanceof AppError && error.code === 'last_admin') return null
    throw error
  }
}

async function moveGroups(
  trx: Trx,
  deps: DirectorySignInDeps,
  { id: userId }: FoundUser,
  { source, groups }: DirectoryPerson,
  { isGroupCreated }: DirectoryRules,
): Promise<DirectoryAct[]> {
  if (groups === null) return []
  return syncMemberships(trx, deps, { userId, source, names: groups, isCreating: isGroupCreated })
}

async function enter(
  trx: Trx,
  deps: DirectorySignInDeps,
  person: DirectoryPerson,
  rules: DirectoryRules,
): Promise<{ signIn: DirectorySignIn; acts: DirectoryAct[]; forgotten: string[] }> {
  const { issuer, subject, source } = person
  const acts: DirectoryAct[] = []
  const toAct = (action: DirectoryAct['action'], id: string, details: DirectoryAct['details'] = {}): DirectoryAct => ({
    action,
    target: { kind: 'user', id },
    details: { ...details, source },
  })
  const found = await findDirectoryUser(trx, person, rules)
  if (found === null && !rules.isAutoCreate) throw new AppError('account_unknown')
  const user = found?.user ?? (await createPerson(trx, deps, person))
  if (!user.isActive) throw new AppError('account_deactivated', { details: { userId: user.id } })
  if (found === null) acts.push(toAct('user.created', user.id, { role: user.role }))
  else if (found.isNew) acts.push(toAct('identity.linked', user.id))

  const now = new Date(deps.clock.nowMs())
  const identity = { issuer, subject, user_id: user.id, created_at: now, last_login_at: now }
  await trx
    .insertInto('user_identities')
    .values(identity)
    .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doUpdateSet({ last_login_at: now }))
    .execute()

  const newRole = await findNewRole(trx, user, person.role)
  const role = newRole ?? user.role
  const changes = { ...(await toProfileChanges(trx, user, person)), ...(role === user.role ? {} : { role }) }
  if (Object.keys(changes).length > 0) {
    await trx
      .updateTable('users')
      .set({ ...changes, updated_at: now })
      .where('id', '=', user.id)
      .execute()
    const rights = role === user.role ? {} : { role }
    acts.push(toAct('user.changed', user.id, { fields: Object.keys(changes), ...rights }))
  }
  const moved = await moveGroups(trx, deps, user, person, rules)
  const forgotten = [
    ...(Object.keys(changes).length > 0 ? await listCredentialKeys(trx, user.id) : []),
    ...(moved.length > 0 ? [toUserGroupsKey(user.id)] : []),
  ]
  const { id, email, name } = { ...user, ...changes }
  const refusedRole = newRole === null ? person.role : null
  return { signIn: { user: { id, email, name, role }, refusedRole }, acts: [...acts, ...moved], forgotten }
}

/**
 * Lets somebody in whom a directory has vouched for: finds or makes their account and brings role and groups to what the
 * directory says. `record` writes what was done into the audit log, in the same transaction. Errors: `account_unknown`,
 * `account_exists`, `account_deactivated`.
 */
export async function signInFromDirectory(
  deps: DirectorySignInDeps,
  person: DirectoryPerson,
  rules: DirectoryRules,
  record: RecordActs,
): Promise<DirectorySignIn> {
  const attempt = () =>
    deps.database.transaction(async (trx) => {
      const entered = await enter(trx, deps, person, rules)
      await record(trx, entered.acts)
      return entered
    })
  // Two tabs of somebody new: whoever comes second finds what the first has made.
  const { signIn, forgotten } = await attempt().catch((error: unknown) => {
    if (findViolatedUnique(error) === null) throw error
    return attempt()
  })
  await deps.cache.del(...forgotten)
  return signIn
}
