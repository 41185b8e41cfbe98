import type { UserRole } from '@llmchat/protocol/api/user-schema'
import { sql, type Kysely } from 'kysely'
import { AppError } from '../base/app-error.ts'
import type { CreateId } from '../base/ids.ts'
import { findViolatedUnique } from '../db/database-error.ts'
import type { Database } from '../db/database.ts'
import type { DatabaseSchema } from '../db/schema.ts'
import { assertNewPassword, toContextWords } from './new-password.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { findUserByEmail, toEmailKey } from './user-repository.ts'
import { userColumns, type User } from './user.ts'

export interface CreateUserDeps {
  database: Database
  passwords: PasswordHasher
  createId: CreateId
}

export interface NewUser {
  email: string
  password: string
  /** Default: the address. */
  name?: string
}

type UserRow = User & { password_hash: string }

const EMAIL = /^[^@\s]+@[^@\s]+$/

/** A person's row with the password hashed: the slow part, outside a transaction. Errors: as createUser but `conflict`. */
export async function toUserRow(deps: CreateUserDeps, user: NewUser, role: UserRole): Promise<UserRow> {
  const email = toEmailKey(user.email)
  if (!EMAIL.test(email)) throw new AppError('invalid_request', { message: 'That is not an e-mail address.' })
  await assertNewPassword(user.password, toContextWords(user))
  const name = user.name?.trim() ?? ''
  return {
    id: deps.createId(),
    email,
    name: name === '' ? email : name,
    password_hash: await deps.passwords.hashPassword(user.password),
    role,
  }
}

/** Errors: `conflict`. */
export async function insertUser(kysely: Kysely<DatabaseSchema>, row: UserRow): Promise<User> {
  try {
    return await kysely.insertInto('users').values(row).returning(userColumns).executeTakeFirstOrThrow()
  } catch (error) {
    if (findViolatedUnique(error) === null) throw error
    throw new AppError('conflict', { message: `There is already a user ${row.email}.`, cause: error })
  }
}

/** Errors: `invalid_request` for the address, `password_refused`, `conflict` when the address is taken. */
export async function createUser(deps: CreateUserDeps, user: NewUser & { role: UserRole }): Promise<User> {
  return insertUser(deps.database.kysely, await toUserRow(deps, user, user.role))
}

/** Only while there is nobody at all; of two at the same moment one wins. Errors: `set_up_closed`, else as createUser. */
export async function createFirstAdmin(deps: CreateUserDeps, user: NewUser): Promise<User> {
  const row = await toUserRow(deps, user, 'admin')
  return deps.database.transaction(async (trx) => {
    await sql`LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE`.execute(trx)
    const anyone = await trx.selectFrom('users').select('id').limit(1).executeTakeFirst()
    if (anyone !== undefined) throw new AppError('set_up_closed')
    return insertUser(trx, row)
  })
}

/** The administrator named in the environment: made when nobody has the address, otherwise left as they are. */
export async function ensureAdmin(deps: CreateUserDeps, user: NewUser): Promise<{ isCreated: boolean }> {
  // Every start comes here: hashing and the lists are for the first.
  if ((await findUserByEmail(deps, user.email)) !== null) return { isCreated: false }
  const row = await toUserRow(deps, user, 'admin')
  const result = await deps.database.kysely
    .insertInto('users')
    .values(row)
    .onConflict((conflict) => conflict.column('email').doNothing())
    .executeTakeFirst()
  return { isCreated: result.numInsertedOrUpdatedRows === 1n }
}
