import type { Database } from '../db/database.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { toEmailKey } from './user-repository.ts'
import { userColumns, type User } from './user.ts'

/** The person with this password, or null. An unknown or switched-off address takes as long as a wrong password. */
export async function authenticatePassword(
  deps: { database: Database; passwords: PasswordHasher },
  credentials: { email: string; password: string },
): Promise<User | null> {
  const row = await deps.database.kysely
    .selectFrom('users')
    .select([...userColumns, 'users.password_hash', 'users.is_active'])
    .where('email', '=', toEmailKey(credentials.email))
    .executeTakeFirst()
  const isRight = await deps.passwords.isPassword(credentials.password, row?.password_hash ?? null)
  if (row === undefined || !isRight || !row.is_active) return null
  return { id: row.id, email: row.email, name: row.name, role: row.role }
}
