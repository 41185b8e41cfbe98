import type { Kysely } from 'kysely'
import type { DatabaseSchema } from '../db/schema.ts'
import { toApiKeyCacheKey } from './api-keys.ts'
import { toLoginSessionCacheKey } from './login-sessions.ts'

/** The cache's keys of all that somebody signs in with: deleted there, what they may do is looked up anew on every instance. */
export async function listCredentialKeys(trx: Kysely<DatabaseSchema>, userId: string): Promise<string[]> {
  const sessions = await trx.selectFrom('login_sessions').select('token_hash').where('user_id', '=', userId).execute()
  const keys = await trx.selectFrom('api_keys').select('key_hash').where('user_id', '=', userId).execute()
  return [
    ...sessions.map((row) => toLoginSessionCacheKey(row.token_hash)),
    ...keys.map((row) => toApiKeyCacheKey(row.key_hash)),
  ]
}
