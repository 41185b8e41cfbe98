import type { ApiKey, CreatedApiKey } from '@llmchat/protocol/api/auth-schema'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { CreateId } from '../base/ids.ts'
import type { Database } from '../db/database.ts'
import { createOutageCache } from './outage-cache.ts'
import { createApiKeySecret, toTokenHash } from './secret-token.ts'
import { userColumns, type User } from './user.ts'

export interface ApiKeyDeps {
  database: Database
  clock: Clock
  createId: CreateId
}

/** Programs that act for a person. */
export interface ApiKeys {
  /** `secret` is given out this once; only its hash is stored. */
  createApiKey(userId: string, name: string): Promise<CreatedApiKey>
  listApiKeys(userId: string): Promise<ApiKey[]>
  /** Errors: `api_key_not_found`, also for somebody else's key. */
  revokeApiKey(userId: string, apiKeyId: string): Promise<void>
  /** Null: unknown, revoked, or a person that was switched off. Answers from memory for 60 s while the database is away. */
  findApiKeyUser(secret: string): Promise<User | null>
}

const FRESH_MS = 15_000
const STALE_MS = 60_000
const USED_EVERY_MS = 60_000
const PREFIX_LENGTH = 9
const MAX_LISTED = 1000

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
  const { database, clock } = deps
  const cache = createOutageCache<{ id: string; user: User }>(deps, {
    maxEntries: 20_000,
    freshMs: FRESH_MS,
    staleMs: STALE_MS,
  })

  async function loadKey(hash: string): Promise<{ id: string; user: User } | null> {
    const row = await database.kysely
      .selectFrom('api_keys')
      .innerJoin('users', 'users.id', 'api_keys.user_id')
      .select([...userColumns, 'api_keys.id as key_id', 'api_keys.last_used_at'])
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
    return { id: row.key_id, user: { id: row.id, email: row.email, name: row.name, role: row.role } }
  }

  return {
    async createApiKey(userId, name) {
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
        .values({ ...row, user_id: userId, key_hash: toTokenHash(secret) })
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
      const result = await database.kysely
        .updateTable('api_keys')
        .set({ revoked_at: new Date(clock.nowMs()) })
        .where('id', '=', apiKeyId)
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      cache.deleteWhere((key) => key.id === apiKeyId)
      if (result.numUpdatedRows === 0n) throw new AppError('api_key_not_found')
    },
    async findApiKeyUser(secret) {
      const hash = toTokenHash(secret)
      const key = await cache.find(hash, () => loadKey(hash))
      return key?.user ?? null
    },
  }
}
