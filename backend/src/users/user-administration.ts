import type { AdminUser, LoginSessionSummary, UpdateUserRequest } from '@llmchat/protocol/api/admin-schema'
import type { ApiKeyPage, ListCredentialsQuery, LoginSessionPage } from '@llmchat/protocol/api/credential-list-schema'
import { sql } from 'kysely'
import { AppError } from '../base/app-error.ts'
import type { CacheService } from '../cache/cache-service.ts'
import type { Alongside } from '../db/alongside.ts'
import type { Database } from '../db/database.ts'
import { assertAdminStays } from './assert-admin-stays.ts'
import { toUserGroupsKey } from './groups.ts'
import { listAllApiKeys, listAllLoginSessions } from './list-credentials.ts'
import { listCredentialKeys } from './list-credential-keys.ts'
import { getUser } from './list-users.ts'
import { listLivingLoginSessions } from './list-login-sessions.ts'
import { toLoginSessionCacheKey } from './login-sessions.ts'
import { deleteSecondFactor } from './second-factor.ts'

/** What administrators do with people. Errors: `user_not_found`. */
export interface UserAdministration {
  getUser(userId: string): Promise<AdminUser>
  /** Errors: `last_admin`; `conflict` for somebody who was erased. */
  updateUser(userId: string, changes: UpdateUserRequest, alongside: Alongside): Promise<AdminUser>
  /** Everything of theirs goes; only the id stays. Errors: `last_admin`, `legal_hold`. */
  eraseUser(userId: string, alongside: Alongside): Promise<void>
  listLoginSessions(userId: string): Promise<LoginSessionSummary[]>
  listAllLoginSessions(query: ListCredentialsQuery): Promise<LoginSessionPage>
  listAllApiKeys(query: ListCredentialsQuery): Promise<ApiKeyPage>
  /** Null: all of them. Errors: `login_session_not_found`. */
  revokeLoginSessions(userId: string, loginSessionId: string | null, alongside: Alongside<number>): Promise<void>
  /** For somebody who has lost it: signs them out everywhere, and only the password is asked for. Errors: `totp_not_enrolled`. */
  removeSecondFactor(userId: string, alongside: Alongside): Promise<void>
}

interface AdministrationDeps {
  database: Database
  cache: Pick<CacheService, 'del'>
}

const MAX_LISTED = 500

function toColumns(changes: UpdateUserRequest) {
  const { name, role, isActive, isOnLegalHold } = changes
  return {
    ...(name === undefined ? {} : { name }),
    ...(role === undefined ? {} : { role }),
    ...(isActive === undefined ? {} : { is_active: isActive }),
    ...(isOnLegalHold === undefined ? {} : { is_on_legal_hold: isOnLegalHold }),
    updated_at: new Date(),
  }
}

export function createUserAdministration(deps: AdministrationDeps): UserAdministration {
  const { database, cache } = deps

  async function updateUser(userId: string, changes: UpdateUserRequest, alongside: Alongside): Promise<AdminUser> {
    const { user, forgotten } = await database.transaction(async (trx) => {
      const isLosing = (changes.role !== undefined && changes.role !== 'admin') || changes.isActive === false
      if (isLosing) await assertAdminStays(trx, userId)
      const before = await getUser(trx, userId)
      if (before.erasedAt !== null) throw new AppError('conflict', { message: 'This person was erased.' })
      await trx.updateTable('users').set(toColumns(changes)).where('id', '=', userId).execute()
      const keys = await listCredentialKeys(trx, userId)
      if (changes.isActive === false) await trx.deleteFrom('login_sessions').where('user_id', '=', userId).execute()
      const after = await getUser(trx, userId)
      await alongside(trx)
      return { user: after, forgotten: keys }
    })
    // What they may do counts from the next request on, on every instance.
    await cache.del(...forgotten)
    return user
  }

  return {
    getUser: (userId) => getUser(database.kysely, userId),
    updateUser,
    async eraseUser(userId, alongside) {
      const forgotten = await database.transaction(async (trx) => {
        await assertAdminStays(trx, userId)
        const user = await getUser(trx, userId)
        if (user.isOnLegalHold) throw new AppError('legal_hold')
        const keys = await listCredentialKeys(trx, userId)
        const owned = [
          'chat_sessions',
          'generations',
          'login_sessions',
          'api_keys',
          'user_totp',
          'recovery_codes',
          'one_time_tokens',
          'group_members',
          'user_identities',
          'scim_users',
          'quotas',
          'attachments',
        ] as const
        for (const table of owned) await trx.deleteFrom(table).where('user_id', '=', userId).execute()
        const blank = { name: 'erased', email: `erased-${userId}@erased.invalid`, password_hash: null }
        await trx
          .updateTable('users')
          .set({ ...blank, role: 'member', is_active: false, erased_at: sql`coalesce(erased_at, now())` })
          .where('id', '=', userId)
          .execute()
        await alongside(trx)
        return keys
      })
      await cache.del(...forgotten, toUserGroupsKey(userId))
    },
    async listLoginSessions(userId) {
      await getUser(database.kysely, userId)
      const living = await listLivingLoginSessions(deps, userId, { nowMs: Date.now(), limit: MAX_LISTED })
      // From where and with what somebody signs in is their own affair.
      return living.map(({ id, createdAt, lastSeenAt, expiresAt }) => ({ id, createdAt, lastSeenAt, expiresAt }))
    },
    listAllLoginSessions: (query) => listAllLoginSessions(deps, query, Date.now()),
    listAllApiKeys: (query) => listAllApiKeys(deps, query),
    async revokeLoginSessions(userId, loginSessionId, alongside) {
      const hashes = await database.transaction(async (trx) => {
        await getUser(trx, userId)
        let revoking = trx.deleteFrom('login_sessions').where('user_id', '=', userId)
        if (loginSessionId !== null) revoking = revoking.where('id', '=', loginSessionId)
        const rows = await revoking.returning('token_hash').execute()
        if (loginSessionId !== null && rows.length === 0) throw new AppError('login_session_not_found')
        await alongside(trx, rows.length)
        return rows.map((row) => row.token_hash)
      })
      await cache.del(...hashes.map(toLoginSessionCacheKey))
    },
    async removeSecondFactor(userId, alongside) {
      const forgotten = await database.transaction(async (trx) => {
        await getUser(trx, userId)
        if (!(await deleteSecondFactor(trx, userId))) throw new AppError('totp_not_enrolled')
        const keys = await listCredentialKeys(trx, userId)
        await trx.deleteFrom('login_sessions').where('user_id', '=', userId).execute()
        await alongside(trx)
        return keys
      })
      await cache.del(...forgotten)
    },
  }
}
