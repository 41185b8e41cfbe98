import { sql, type Kysely } from 'kysely'
import { createSecretBox, type SecretBox } from '../agents/secret-box.ts'
import { AppError } from '../base/app-error.ts'
import { deriveKey } from '../data-dir/derive-key.ts'
import type { DatabaseSchema } from '../db/schema.ts'

interface SealedColumn {
  table: string
  column: string
  /** What its seal is bound to. */
  idColumn: string
  /** Which key, of those derived from the secret, it is sealed with. */
  purpose: 'agent-keys' | 'totp'
  /** What cannot be opened ends the rotation; else it is left, for it is lost already. */
  mustOpen: boolean
}

/** Everything in the database that is sealed with the installation's secret. A test holds it equal to the schema. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'agent_configs', column: 'api_key_sealed', idColumn: 'id', purpose: 'agent-keys', mustOpen: true },
  { table: 'audit_keys', column: 'key_sealed', idColumn: 'id', purpose: 'agent-keys', mustOpen: false },
  { table: 'user_totp', column: 'secret_sealed', idColumn: 'user_id', purpose: 'totp', mustOpen: false },
]

function createBoxes(secret: string): (purpose: SealedColumn['purpose']) => SecretBox {
  const boxes = {
    'agent-keys': createSecretBox(deriveKey(secret, 'agent-keys')),
    totp: createSecretBox(deriveKey(secret, 'totp')),
  }
  return (purpose) => boxes[purpose]
}

interface SealedRow {
  id: string
  sealed: string
}

async function listSealed(
  trx: Kysely<DatabaseSchema>,
  { table, column, idColumn }: SealedColumn,
): Promise<SealedRow[]> {
  const result = await sql<SealedRow>`SELECT ${sql.ref(idColumn)} AS id, ${sql.ref(column)} AS sealed
    FROM ${sql.table(table)} WHERE ${sql.ref(column)} IS NOT NULL ORDER BY 1 FOR UPDATE`.execute(trx)
  return result.rows
}

function open(secret: string): (row: SealedRow, purpose: SealedColumn['purpose']) => string | null {
  const toBox = createBoxes(secret)
  return (row, purpose) => {
    const box = toBox(purpose)
    try {
      return box.unseal(row.sealed, row.id)
    } catch {
      return null
    }
  }
}

/** True when there is something sealed and `secret` opens all of it that must open. */
export async function opensAll(trx: Kysely<DatabaseSchema>, secret: string): Promise<boolean> {
  const openRow = open(secret)
  let opened = 0
  for (const column of sealedColumns) {
    for (const row of await listSealed(trx, column)) {
      if (openRow(row, column.purpose) !== null) opened += 1
      else if (column.mustOpen) return false
    }
  }
  return opened > 0
}

/** Seals everything anew; returns how many. Errors: `agent_key_unreadable` when one cannot be opened with `from`. */
export async function resealAll(trx: Kysely<DatabaseSchema>, from: string, to: string): Promise<number> {
  const openRow = open(from)
  const toBox = createBoxes(to)
  let count = 0
  for (const target of sealedColumns) {
    const { table, column, idColumn, purpose, mustOpen } = target
    for (const row of await listSealed(trx, target)) {
      const text = openRow(row, purpose)
      if (text === null && mustOpen) {
        throw new AppError('agent_key_unreadable', {
          message: `The key of ${row.id} (${table}) was sealed with another secret. Nothing was changed. Give it a new key first.`,
        })
      }
      if (text === null) continue
      const sealed = toBox(purpose).seal(text, row.id)
      await sql`UPDATE ${sql.table(table)} SET ${sql.ref(column)} = ${sealed}
        WHERE ${sql.ref(idColumn)} = ${row.id}`.execute(trx)
      count += 1
    }
  }
  return count
}
