import type { ApiKey, CreatedApiKey } from '@llmchat/protocol/api/auth-schema'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { CreateId } from '../base/ids.ts'
import type { CacheService } from '../cache/cache-service.ts'
import type { Database } from '../db/database.ts'
import { credentialCaching } from './credential-caching.ts'
import { createApiKeySecret, toTokenHash } from './secret-token.ts'
import { userColumns, type User } from './user.ts'

export interface ApiKeyDeps {
  database: Database
  cache: Pick<CacheService, 'getOrSet' | 'del'>
  clock: Clock
  createId: CreateId
}

/** A key that was shown to us, and whose it is. */
export interface KnownApiKey {
  id: string
  user: User
  /** Requests per minute of this key alone; null: it counts among its person's. */
  rateLimitPerMinute: number | null
}

/** Programs that act for a person. */
export interface ApiKeys {
  /** `secret` is given out this once; only its hash is stored. `rateLimitPerMinute`: see KnownApiKey; default null. */
  createApiKey(userId: string, name: string, rateLimitPerMinute?: number | null): Promise<CreatedApiKey>
  listApiKeys(userId: string): Promise<ApiKey[]>
  /** Errors: `api_key_not_found`, also for somebody else's key. */
  revokeApiKey(userId: string, apiKeyId: string): Promise<void>
  /** Null: unknown, revoked, or a person that was switched off. Answers from memory for 60 s while the database is away. */
  findApiKey(secret: string): Promise<KnownApiKey | null>
}

const USED_EVERY_MS = 60_000
const PREFIX_LENGTH = 9
const MAX_LISTED = 1000

function toCacheKey(keyHash: string): string {
  return `api-key:${keyHash}`
}

interface ApiKeyRow {
  id: string
  name: string
  prefix: string
  created_at: Date
  last_used_at: Date | null
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  }
}

export function createApiKeys(deps: ApiKeyDeps): ApiKeys {
  const { database, clock, cache } = deps

  async function loadKey(hash: string): Promise<KnownApiKey | null> {
    const row = await database.kysely
      .selectFrom('api_keys')
      .innerJoin('users', 'users.id', 'api_keys.user_id')
      .select([...userColumns, 'api_keys.id as key_id', 'api_keys.last_used_at', 'api_keys.rate_limit_per_minute'])
      .where('key_hash', '=', hash)
      .where('revoked_at', 'is', null)
      .where('users.is_active', '=', true)
      .executeTakeFirst()
    if (row === undefined) return null
    const nowMs = clock.nowMs()
    if (nowMs - (row.last_used_at?.getTime() ?? 0) >= USED_EVERY_MS) {
      const changes = { last_used_at: new Date(nowMs) }
      await database.kysely.updateTable('api_keys').set(changes).where('id', '=', row.key_id).execute()
    }
    const user = { id: row.id, email: row.email, name: row.name, role: row.role }
    return { id: row.key_id, user, rateLimitPerMinute: row.rate_limit_per_minute }
  }

  return {
    async createApiKey(userId, name, rateLimitPerMinute = null) {
      const secret = createApiKeySecret()
      const row = {
        id: deps.createId(),
        name,
        prefix: secret.slice(0, PREFIX_LENGTH),
        created_at: new Date(clock.nowMs()),
        last_used_at: null,
      }
      await database.kysely
        .insertInto('api_keys')
        .values({
          ...row,
          user_id: userId,
          key_hash: toTokenHash(secret),
          rate_limit_per_minute: rateLimitPerMinute,
        })
        .execute()
      return { apiKey: toApiKey(row), secret }
    },
    async listApiKeys(userId) {
      const rows = await database.kysely
        .selectFrom('api_keys')
        .select(['id', 'name', 'prefix', 'created_at', 'last_used_at'])
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .orderBy('created_at', 'desc')
        .limit(MAX_LISTED)
        .execute()
      return rows.map(toApiKey)
    },
    async revokeApiKey(userId, apiKeyId) {
      const revoked = await database.kysely
        .updateTable('api_keys')
        .set({ revoked_at: new Date(clock.nowMs()) })
        .where('id', '=', apiKeyId)
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .returning('key_hash')
        .executeTakeFirst()
      if (revoked === undefined) throw new AppError('api_key_not_found')
      await cache.del(toCacheKey(revoked.key_hash))
    },
    findApiKey(secret) {
      const hash = toTokenHash(secret)
      return cache.getOrSet(toCacheKey(hash), () => loadKey(hash), credentialCaching)
    },
  }
}
