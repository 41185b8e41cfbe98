import type { Database } from '../db/database.ts'
import { userColumns, type User } from './user.ts'

/** Addresses are compared without case; so they are stored in lower case. */
export function toEmailKey(email: string): string {
  return email.trim().toLowerCase()
}

export async function findUserByEmail(deps: { database: Database }, email: string): Promise<User | null> {
  const query = deps.database.kysely.selectFrom('users').select(userColumns).where('email', '=', toEmailKey(email))
  return (await query.executeTakeFirst()) ?? null
}

/** Null also for a person that was switched off. */
export async function findActiveUser(deps: { database: Database }, userId: string): Promise<User | null> {
  const query = deps.database.kysely.selectFrom('users').select(userColumns).where('id', '=', userId)
  return (await query.where('is_active', '=', true).executeTakeFirst()) ?? null
}

/** Whether the account was made by a directory. */
export async function isFromDirectory(deps: { database: Database }, userId: string): Promise<boolean> {
  const query = deps.database.kysely.selectFrom('users').select('source').where('id', '=', userId)
  return ((await query.executeTakeFirst())?.source ?? 'local') !== 'local'
}

/** False on a new installation: then the set-up link is open. */
export async function hasUsers(deps: { database: Database }): Promise<boolean> {
  const row = await deps.database.kysely.selectFrom('users').select('id').limit(1).executeTakeFirst()
  return row !== undefined
}
