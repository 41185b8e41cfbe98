import type { UserSource } from '@llmchat/protocol/api/user-schema'
import type { Database } from '../db/database.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { toEmailKey } from './user-repository.ts'
import { userColumns, type User } from './user.ts'

export interface CheckedPassword {
  /** Null: it is not the password of this place, or there is none, or they are switched off. */
  user: User | null
  /** Where the account of this address comes from; null: there is none. */
  source: UserSource | null
}

/** The person with this password. An unknown or switched-off address takes as long as a wrong password. */
export async function checkPassword(
  deps: { database: Database; passwords: PasswordHasher },
  credentials: { email: string; password: string },
): Promise<CheckedPassword> {
  const row = await deps.database.kysely
    .selectFrom('users')
    .select([...userColumns, 'users.password_hash', 'users.is_active', 'users.source'])
    .where('email', '=', toEmailKey(credentials.email))
    .executeTakeFirst()
  const isRight = await deps.passwords.isPassword(credentials.password, row?.password_hash ?? null)
  const source = row?.source ?? null
  if (row === undefined || !isRight || !row.is_active) return { user: null, source }
  return { user: { id: row.id, email: row.email, name: row.name, role: row.role }, source }
}
