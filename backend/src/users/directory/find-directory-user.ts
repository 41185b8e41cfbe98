import type { UserSource } from '@llmchat/protocol/api/user-schema'
import type { Kysely } from 'kysely'
import { AppError } from '../../base/app-error.ts'
import type { DirectoryRules } from '../../config/directory-config.ts'
import type { DatabaseSchema } from '../../db/schema.ts'
import { toEmailKey } from '../user-repository.ts'
import { userColumns, type User } from '../user.ts'
import type { DirectoryPerson } from './directory-person.ts'

export interface FoundUser extends User {
  isActive: boolean
  source: UserSource
}

const columns = [...userColumns, 'users.is_active as isActive', 'users.source'] as const

function findByIdentity(trx: Kysely<DatabaseSchema>, { issuer, subject }: DirectoryPerson) {
  return trx
    .selectFrom('user_identities')
    .innerJoin('users', 'users.id', 'user_identities.user_id')
    .select(columns)
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
}

async function findByExternalId(trx: Kysely<DatabaseSchema>, externalId: string | null): Promise<FoundUser | null> {
  if (externalId === null) return null
  const rows = await trx
    .selectFrom('scim_users')
    .innerJoin('users', 'users.id', 'scim_users.user_id')
    .select(columns)
    .where('external_id', '=', externalId)
    .limit(2)
    .execute()
  // Two of one id: nobody can say which.
  return rows.length === 1 ? (rows[0] ?? null) : null
}

async function findByEmail(
  trx: Kysely<DatabaseSchema>,
  person: DirectoryPerson,
  rules: Pick<DirectoryRules, 'isLinkByEmail'>,
): Promise<FoundUser | null> {
  if (person.email === null) return null
  const query = trx.selectFrom('users').select(columns).where('email', '=', toEmailKey(person.email))
  const found = await query.executeTakeFirst()
  if (found === undefined) return null
  if (!rules.isLinkByEmail || !person.isEmailVerified) throw new AppError('account_exists')
  return found
}

/**
 * The account of somebody a directory vouches for: by identity, then by SCIM's id, then, where that is allowed, by address.
 * `isNew`: not joined yet. Null: there is none. Errors: `account_exists`.
 */
export async function findDirectoryUser(
  trx: Kysely<DatabaseSchema>,
  person: DirectoryPerson,
  rules: Pick<DirectoryRules, 'isLinkByEmail'>,
): Promise<{ user: FoundUser; isNew: boolean } | null> {
  const known = await findByIdentity(trx, person)
  if (known !== undefined) return { user: known, isNew: false }
  const user = (await findByExternalId(trx, person.externalId)) ?? (await findByEmail(trx, person, rules))
  if (user === null) return null
  const taken = await trx
    .selectFrom('user_identities')
    .select('subject')
    .where('user_id', '=', user.id)
    .where('issuer', '=', person.issuer)
    .executeTakeFirst()
  // An address that was given to somebody new must not give them the chats of whoever had it before.
  if (taken !== undefined) throw new AppError('account_exists')
  return { user, isNew: true }
}
