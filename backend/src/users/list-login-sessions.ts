import type { LoginSessionInfo } from '@llmchat/protocol/api/identity-schema'
import type { Database } from '../db/database.ts'

/** A person's login sessions that have not ended, the last used first. */
export async function listLivingLoginSessions(
  deps: { database: Database },
  userId: string,
  options: { nowMs: number; limit: number },
): Promise<Omit<LoginSessionInfo, 'isCurrent'>[]> {
  const now = new Date(options.nowMs)
  const rows = await deps.database.kysely
    .selectFrom('login_sessions')
    .select(['id', 'user_agent', 'address', 'created_at', 'last_seen_at', 'expires_at'])
    .where('user_id', '=', userId)
    .where('idle_expires_at', '>', now)
    .where('expires_at', '>', now)
    .orderBy('last_seen_at', 'desc')
    .limit(options.limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.user_agent,
    address: row.address,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }))
}
