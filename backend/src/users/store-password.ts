import type { Kysely } from 'kysely'
import { AppError } from '../base/app-error.ts'
import type { CacheService } from '../cache/cache-service.ts'
import type { DatabaseSchema } from '../db/schema.ts'
import type { LoginSessions } from './login-sessions.ts'
import { assertNewPassword, toContextWords } from './new-password.ts'
import type { OneTimeTokenDeps } from './one-time-tokens.ts'
import type { PasswordHasher } from './password-hasher.ts'
import type { User } from './user.ts'

export interface PasswordDeps extends OneTimeTokenDeps {
  cache: Pick<CacheService, 'getOrSet' | 'del'>
  passwords: PasswordHasher
  loginSessions: Pick<LoginSessions, 'endLoginSessionsOf'>
}

/**
 * A new password: whoever is signed in with the old one is signed in no longer, and open reset links are void. `guard`
 * runs in the transaction and may throw. Errors: `password_refused`.
 */
export async function changeStoredPassword(
  deps: PasswordDeps,
  user: User,
  password: string,
  guard: (trx: Kysely<DatabaseSchema>) => Promise<void>,
): Promise<void> {
  await assertNewPassword(password, toContextWords(user))
  const passwordHash = await deps.passwords.hashPassword(password)
  await deps.database.transaction(async (trx) => {
    await guard(trx)
    const now = new Date(deps.clock.nowMs())
    await trx
      .updateTable('users')
      .set({ password_hash: passwordHash, updated_at: now })
      .where('id', '=', user.id)
      .execute()
    // Also tickets between password and code: they were given for the old password.
    await trx.deleteFrom('one_time_tokens').where('user_id', '=', user.id).where('used_at', 'is', null).execute()
  })
  await deps.loginSessions.endLoginSessionsOf(user.id)
}

/** Errors: `invalid_credentials` for the current one, `password_refused` for the new one. */
export async function changePassword(
  deps: PasswordDeps,
  user: User,
  change: { currentPassword: string; newPassword: string },
): Promise<void> {
  await assertPassword(deps, user.id, change.currentPassword)
  await changeStoredPassword(deps, user, change.newPassword, () => Promise.resolve())
}

/** Whoever sits at a browser that was left open does not know it. Errors: `invalid_credentials`. */
export async function assertPassword(
  deps: Pick<PasswordDeps, 'database' | 'passwords'>,
  userId: string,
  password: string,
): Promise<void> {
  const row = await deps.database.kysely
    .selectFrom('users')
    .select('password_hash')
    .where('id', '=', userId)
    .executeTakeFirst()
  const isRight = await deps.passwords.isPassword(password, row?.password_hash ?? null)
  if (!isRight) throw new AppError('invalid_credentials')
}
