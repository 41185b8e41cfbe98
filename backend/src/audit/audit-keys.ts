import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { CreateId } from '../base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/database.ts'
import type { DatabaseSchema } from '../db/schema.ts'

/** What seals keys under the installation's secret; `agents/secret-box` is one. */
export interface KeySeal {
  seal(text: string, owner: string): string
  /** Throws when it was sealed under another secret. */
  unseal(sealed: string, owner: string): string
}

export interface AuditKeys {
  /** The key to go on with: the chain's, or a new one where there is none or it cannot be opened. Inside a transaction. */
  getCurrent(trx: Kysely<DatabaseSchema>, keyId: string | null): Promise<{ id: string; key: Buffer }>
  /** Null: there is none, or it was sealed under another secret. */
  find(keyId: string): Promise<Buffer | null>
}

const KEY_BYTES = 32

export function createAuditKeys(deps: {
  database: Database
  seal: KeySeal
  createId: CreateId
  logger: Logger
}): AuditKeys {
  const opened = new Map<string, Buffer>()

  async function open(kysely: Kysely<DatabaseSchema>, keyId: string): Promise<Buffer | null> {
    const known = opened.get(keyId)
    if (known !== undefined) return known
    const row = await kysely.selectFrom('audit_keys').select('key_sealed').where('id', '=', keyId).executeTakeFirst()
    if (row === undefined) return null
    try {
      const key = Buffer.from(deps.seal.unseal(row.key_sealed, keyId), 'base64url')
      opened.set(keyId, key)
      return key
    } catch (error) {
      deps.logger.error({ auditKeyId: keyId, err: error }, 'audit key cannot be opened')
      return null
    }
  }

  return {
    find: (keyId) => open(deps.database.kysely, keyId),
    async getCurrent(trx, keyId) {
      const known = keyId === null ? null : await open(trx, keyId)
      if (keyId !== null && known !== null) return { id: keyId, key: known }
      // A lost secret must not end sign-ins: the chain goes on with a new key, and `verify` says from where to where it
      // cannot be checked any more. Remembered only when it is read back: this transaction may be rolled back.
      const id = deps.createId()
      const key = randomBytes(KEY_BYTES)
      const sealed = deps.seal.seal(key.toString('base64url'), id)
      await trx.insertInto('audit_keys').values({ id, key_sealed: sealed }).execute()
      return { id, key }
    },
  }
}
