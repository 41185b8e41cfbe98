import type { LoginSessionInfo } from '@llmchat/protocol/api/identity-schema'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { CreateId } from '../base/ids.ts'
import type { CacheService } from '../cache/cache-service.ts'
import type { Database } from '../db/database.ts'
import { credentialCaching } from './credential-caching.ts'
import { listLivingLoginSessions } from './list-login-sessions.ts'
import { createToken, toTokenHash } from './secret-token.ts'
import { userColumns, type User } from './user.ts'

export interface LoginSessionDeps {
  database: Database
  cache: Pick<CacheService, 'getOrSet' | 'del'>
  clock: Clock
  createId: CreateId
}

export interface LoginSession {
  id: string
  user: User
  isPersistent: boolean
}

/** What is kept of a browser, so that its person knows it again in the list. */
export interface BrowserFacts {
  userAgent: string
  address: string
  /** The cookies outlive the browser window. */
  isPersistent: boolean
}

export interface OpenedLoginSession {
  id: string
  /** For the cookie; only its hash is stored. */
  token: string
  /** When it ends at the latest. */
  expiresAt: Date
}

/** Signed-in browsers. */
export interface LoginSessions {
  openLoginSession(userId: string, browser?: BrowserFacts): Promise<OpenedLoginSession>
  /** Newest use first; `currentId` is marked. */
  listLoginSessions(userId: string, currentId: string | null): Promise<LoginSessionInfo[]>
  /** Errors: `login_session_not_found`, also for somebody else's. */
  endLoginSessionById(userId: string, id: string): Promise<void>
  /** Null: unknown, expired, or a person that was switched off. Answers from memory for 60 s while the database is away. */
  findLoginSession(token: string): Promise<LoginSession | null>
  endLoginSession(token: string): Promise<void>
  /** All of one person, for instance after a change of the password. */
  endLoginSessionsOf(userId: string): Promise<void>
  /** Removes what has expired; returns how many. */
  deleteExpired(): Promise<number>
}

const SEEN_EVERY_MS = 60_000
const MAX_LISTED = 200
const MAX_USER_AGENT = 300
const NO_FACTS: BrowserFacts = { userAgent: '', address: '', isPersistent: false }

export function toLoginSessionCacheKey(tokenHash: string): string {
  return `login-session:${tokenHash}`
}

export function createLoginSessions(
  deps: LoginSessionDeps,
  options: { idleMs: number; absoluteMs: number },
): LoginSessions {
  const { database, clock, cache } = deps

  async function markSeen(id: string): Promise<void> {
    const nowMs = clock.nowMs()
    await database.kysely
      .updateTable('login_sessions')
      .set({ last_seen_at: new Date(nowMs), idle_expires_at: new Date(nowMs + options.idleMs) })
      .where('id', '=', id)
      .execute()
  }

  async function loadLoginSession(tokenHash: string): Promise<LoginSession | null> {
    const now = new Date(clock.nowMs())
    const row = await database.kysely
      .selectFrom('login_sessions')
      .innerJoin('users', 'users.id', 'login_sessions.user_id')
      .select([...userColumns, 'login_sessions.id as session_id', 'login_sessions.last_seen_at', 'is_persistent'])
      .where('token_hash', '=', tokenHash)
      .where('users.is_active', '=', true)
      .where('idle_expires_at', '>', now)
      .where('expires_at', '>', now)
      .executeTakeFirst()
    if (row === undefined) return null
    // Often enough to keep the login alive, seldom enough not to write on every request.
    const writeAfterMs = Math.min(SEEN_EVERY_MS, options.idleMs / 4)
    if (now.getTime() - row.last_seen_at.getTime() >= writeAfterMs) await markSeen(row.session_id)
    const user = { id: row.id, email: row.email, name: row.name, role: row.role }
    return { id: row.session_id, user, isPersistent: row.is_persistent }
  }

  return {
    async openLoginSession(userId, browser = NO_FACTS) {
      const token = createToken()
      const id = deps.createId()
      const nowMs = clock.nowMs()
      const expiresAt = new Date(nowMs + options.absoluteMs)
      await database.kysely
        .insertInto('login_sessions')
        .values({
          id,
          user_id: userId,
          token_hash: toTokenHash(token),
          created_at: new Date(nowMs),
          last_seen_at: new Date(nowMs),
          idle_expires_at: new Date(nowMs + options.idleMs),
          expires_at: expiresAt,
          user_agent: browser.userAgent.slice(0, MAX_USER_AGENT),
          address: browser.address,
          is_persistent: browser.isPersistent,
        })
        .execute()
      return { id, token, expiresAt }
    },
    async listLoginSessions(userId, currentId) {
      const living = await listLivingLoginSessions(deps, userId, { nowMs: clock.nowMs(), limit: MAX_LISTED })
      return living.map((one) => ({ ...one, isCurrent: one.id === currentId }))
    },
    async endLoginSessionById(userId, id) {
      const ended = await database.kysely
        .deleteFrom('login_sessions')
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .returning('token_hash')
        .executeTakeFirst()
      if (ended === undefined) throw new AppError('login_session_not_found')
      await cache.del(toLoginSessionCacheKey(ended.token_hash))
    },
    findLoginSession(token) {
      const tokenHash = toTokenHash(token)
      return cache.getOrSet(toLoginSessionCacheKey(tokenHash), () => loadLoginSession(tokenHash), credentialCaching)
    },
    async endLoginSession(token) {
      const tokenHash = toTokenHash(token)
      await database.kysely.deleteFrom('login_sessions').where('token_hash', '=', tokenHash).execute()
      await cache.del(toLoginSessionCacheKey(tokenHash))
    },
    async endLoginSessionsOf(userId) {
      const rows = await database.kysely
        .deleteFrom('login_sessions')
        .where('user_id', '=', userId)
        .returning('token_hash')
        .execute()
      await cache.del(...rows.map((row) => toLoginSessionCacheKey(row.token_hash)))
    },
    async deleteExpired() {
      const now = new Date(clock.nowMs())
      const result = await database.kysely
        .deleteFrom('login_sessions')
        .where((where) => where.or([where('expires_at', '<=', now), where('idle_expires_at', '<=', now)]))
        .executeTakeFirst()
      return Number(result.numDeletedRows)
    },
  }
}
