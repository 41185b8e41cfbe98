import type { Generated } from 'kysely'
import type { AuditDetails, AuditEntry, AuditOutcome } from '@llmchat/protocol/api/audit-schema'
import type { DefaultTimestamp, Json, NullableText, NullableTimestamp, Timestamp } from './column-types.ts'

export interface AuditKeyTable {
  id: string
  key_sealed: string
  created_at: DefaultTimestamp
}

export interface AuditLogTable {
  seq: number
  at: Timestamp
  actor_kind: AuditEntry['actorKind']
  actor_id: string | null
  api_key_id: string | null
  action: string
  target_kind: string | null
  target_id: string | null
  outcome: AuditOutcome
  error_code: string | null
  address: string | null
  request_id: string | null
  details: Json<AuditDetails>
  key_id: string
  previous_hash: string
  hash: string
}

/** One row. */
export interface AuditChainTable {
  id: Generated<boolean>
  last_seq: number
  last_hash: string
  /** Of the last row that retention looked at; 0: none yet. */
  anchor_seq: number
  anchor_hash: string
  /** Rows at or before the anchor that had to stay. */
  kept_count: number
  /** Of the key that `mac` is made with. */
  key_id: string | null
  mac: string | null
}

export interface AuditPushTable {
  /** `http` or `syslog`. */
  receiver: string
  /** Of the last entry that it took. */
  last_seq: Generated<number>
  leased_by: NullableText
  leased_until: NullableTimestamp
  /** Null: the last attempt went well. */
  failed_since: NullableTimestamp
}
