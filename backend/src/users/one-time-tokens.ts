import type { Kysely } from 'kysely'
import type { Clock } from '../base/clock.ts'
import type { CreateId } from '../base/ids.ts'
import type { Database } from '../db/database.ts'
import type { DatabaseSchema, OneTimeTokenKind } from '../db/schema.ts'
import { createToken, toTokenHash } from './secret-token.ts'

export interface OneTimeTokenDeps {
  database: Database
  clock: Clock
  createId: CreateId
}

export interface OneTimeToken {
  id: string
  kind: OneTimeTokenKind
  userId: string | null
  content: Record<string, string | boolean>
  createdAt: Date
  expiresAt: Date
}

/** `token` is given out this once; only its hash is stored. */
export interface CreatedOneTimeToken {
  id: string
  token: string
  createdAt: Date
  expiresAt: Date
}

const columns = ['id', 'kind', 'user_id', 'content', 'created_at', 'expires_at'] as const

interface Row {
  id: string
  kind: OneTimeTokenKind
  user_id: string | null
  content: Record<string, string | boolean>
  created_at: Date
  expires_at: Date
}

export function toOneTimeToken(row: Row): OneTimeToken {
  return {
    id: row.id,
    kind: row.kind,
    userId: row.user_id,
    content: row.content,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}

/** Those that are neither used nor expired. */
export function selectOpenTokens(deps: Pick<OneTimeTokenDeps, 'database' | 'clock'>, kind: OneTimeTokenKind) {
  return deps.database.kysely
    .selectFrom('one_time_tokens')
    .select(columns)
    .where('kind', '=', kind)
    .where('used_at', 'is', null)
    .where('expires_at', '>', new Date(deps.clock.nowMs()))
}

export async function createOneTimeToken(
  deps: OneTimeTokenDeps,
  given: { kind: OneTimeTokenKind; userId: string | null; content: Record<string, string | boolean>; ttlMs: number },
): Promise<CreatedOneTimeToken> {
  const token = createToken()
  const nowMs = deps.clock.nowMs()
  const made = { id: deps.createId(), createdAt: new Date(nowMs), expiresAt: new Date(nowMs + given.ttlMs) }
  await deps.database.kysely
    .insertInto('one_time_tokens')
    .values({
      id: made.id,
      kind: given.kind,
      token_hash: toTokenHash(token),
      user_id: given.userId,
      content: JSON.stringify(given.content),
      created_at: made.createdAt,
      expires_at: made.expiresAt,
    })
    .execute()
  return { ...made, token }
}

/** Null: used, expired, of another kind, or never made. */
export async function findOneTimeToken(
  deps: Pick<OneTimeTokenDeps, 'database' | 'clock'>,
  kind: OneTimeTokenKind,
  token: string,
): Promise<OneTimeToken | null> {
  const row = await selectOpenTokens(deps, kind).where('token_hash', '=', toTokenHash(token)).executeTakeFirst()
  return row === undefined ? null : toOneTimeToken(row)
}

/** One statement, so that of two at the same moment one gets it. False: somebody was faster, or it has expired. */
export async function useOneTimeToken(
  trx: Kysely<DatabaseSchema>,
  deps: Pick<OneTimeTokenDeps, 'clock'>,
  id: string,
): Promise<boolean> {
  const now = new Date(deps.clock.nowMs())
  const used = await trx
    .updateTable('one_time_tokens')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('id')
    .executeTakeFirst()
  return used !== undefined
}

/** Removes what has expired; returns how many. */
export async function deleteExpiredTokens(deps: Pick<OneTimeTokenDeps, 'database' | 'clock'>): Promise<number> {
  const result = await deps.database.kysely
    .deleteFrom('one_time_tokens')
    .where('expires_at', '<=', new Date(deps.clock.nowMs()))
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
