import type { ApiKey, CreateApiKeyRequest, CreatedApiKey } from '@llmchat/protocol/api/auth-schema'
import type { ApiKeyScope } from '@llmchat/protocol/api/user-schema'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { CreateId } from '../base/ids.ts'
import type { CacheService } from '../cache/cache-service.ts'
import type { Alongside } from '../db/alongside.ts'
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
  scopes: readonly ApiKeyScope[]
}

/** What is remembered of a key; when it ends is looked at each time. */
interface FoundApiKey extends KnownApiKey {
  expiresAtMs: number | null
}

/** Programs that act for a person. */
export interface ApiKeys {
  /**
   * `secret` is given out this once; only its hash is stored. Default: the scopes `chat` and `read`, no end, no limit of
   * its own. Errors: `invalid_request` for an end in the past.
   */
  createApiKey(userId: string, key: CreateApiKeyRequest, alongside?: Alongside<ApiKey>): Promise<CreatedApiKey>
  listApiKeys(userId: string): Promise<ApiKey[]>
  /** Errors: `api_key_not_found`, also for somebody else's key. */
  revokeApiKey(userId: string, apiKeyId: string, alongside?: Alongside): Promise<void>
  /** Null: unknown, revoked, expired, or a person that was switched off. Answers from memory for 60 s while the database is away. */
  findApiKey(secret: string): Promise<KnownApiKey | null>
}

const USED_EVERY_MS = 60_000
const PREFIX_LENGTH = 9
const MAX_LISTED = 1000
const defaultScopes: readonly ApiKeyScope[] = ['chat', 'read']

export function toApiKeyCacheKey(keyHash: string): string {
  return `api-key:${keyHash}`
}

interface ApiKeyRow {
  id: string
  name: string
  prefix: string
  scopes: ApiKeyScope[]
  rate_limit_per_minute: number | null
  created_at: Date
  last_used_at: Date | null
  expires_at: Date | null
}

export const listedColumns = [
  'id',
  'name',
  'prefix',
  'scopes',
  'rate_limit_per_minute',
  'created_at',
  'last_used_at',
  'expires_at',
] as const

export function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    rateLimitPerMinute: row.rate_limit_per_minute,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    expiresAt: row.expires_at?.toISOString() ?? null,
  }
}

export function createApiKeys(deps: ApiKeyDeps): ApiKeys {
  const { database, clock, cache } = deps

  async function loadKey(hash: string): Promise<FoundApiKey | null> {
    const row = await database.kysely
      .selectFrom('api_keys')
      .innerJoin('users', 'users.id', 'api_keys.user_id')
      .select([...userColumns, 'api_keys.id as key_id', 'api_keys.last_used_at', 'api_keys.rate_limit_per_minute'])
      .select(['api_keys.scopes', 'api_keys.expires_at'])
      .where('key_hash', '=', hash)
      .where('revoked_at', 'is', null)
      .where('users.is_active', '=', true)
      .executeTakeFirst()
    if (row === undefined) return null
    const nowMs = clock.nowMs()
    const expiresAtMs = row.expires_at?.getTime() ?? null
    if (expiresAtMs !== null && expiresAtMs <= nowMs) return null
    if (nowMs - (row.last_used_at?.getTime() ?? 0) >= USED_EVERY_MS) {
      const changes = { last_used_at: new Date(nowMs) }
      await database.kysely.updateTable('api_keys').set(changes).where('id', '=', row.key_id).execute()
    }
    const user = { id: row.id, email: row.email, name: row.name, role: row.role }
    return { id: row.key_id, user, rateLimitPerMinute: row.rate_limit_per_minute, scopes: row.scopes, expiresAtMs }
  }

  return {
    async createApiKey(userId, key, alongside) {
      const { name, scopes = [...defaultScopes], expiresAt = null, rateLimitPerMinute = null } = key
      if (expiresAt !== null && Date.parse(expiresAt) <= clock.nowMs()) {
        throw new AppError('invalid_request', { message: 'A key must end in the future.' })
      }
      const secret = createApiKeySecret()
      const row = {
        id: deps.createId(),
        name,
        prefix: secret.slice(0, PREFIX_LENGTH),
        scopes,
        rate_limit_per_minute: rateLimitPerMinute,
        created_at: new Date(clock.nowMs()),
        last_used_at: null,
        expires_at: expiresAt === null ? null : new Date(expiresAt),
      }
      const values = { ...row, scopes: JSON.stringify(scopes), user_id: userId, key_hash: toTokenHash(secret) }
      const apiKey = toApiKey(row)
      await database.transaction(async (trx) => {
        await trx.insertInto('api_keys').values(values).execute()
        await alongside?.(trx, apiKey)
      })
      return { apiKey, secret }
    },
    async listApiKeys(userId) {
      const rows = await database.kysely
        .selectFrom('api_keys')
        .select(listedColumns)
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .orderBy('created_at', 'desc')
        .limit(MAX_LISTED)
        .execute()
      return rows.map(toApiKey)
    },
    async revokeApiKey(userId, apiKeyId, alongside) {
      const keyHash = await database.transaction(async (trx) => {
        const revoked = await trx
          .updateTable('api_keys')
          .set({ revoked_at: new Date(clock.nowMs()) })
          .where('id', '=', apiKeyId)
          .where('user_id', '=', userId)
          .where('revoked_at', 'is', null)
          .returning('key_hash')
          .executeTakeFirst()
        if (revoked === undefined) throw new AppError('api_key_not_found')
        await alongside?.(trx)
        return revoked.key_hash
      })
      await cache.del(toApiKeyCacheKey(keyHash))
    },
    async findApiKey(secret) {
      const hash = toTokenHash(secret)
      const found = await cache.getOrSet(toApiKeyCacheKey(hash), () => loadKey(hash), credentialCaching)
      // Remembered or not, in an outage or not: its end is its end.
      return found !== null && (found.expiresAtMs ?? Infinity) > clock.nowMs() ? found : null
    },
  }
}
