import type { AuditAction, AuditDetails } from '@llmchat/protocol/api/audit-schema'
import type { Kysely } from 'kysely'
import type { DatabaseSchema } from '../../db/schema.ts'

/** Something a directory brought about, for the audit log. */
export interface DirectoryAct {
  action: AuditAction
  target: { kind: 'user' | 'group'; id: string }
  details: AuditDetails
}

/** Runs last in the transaction of the acts. */
export type RecordActs = (trx: Kysely<DatabaseSchema>, acts: readonly DirectoryAct[]) => Promise<void>
