import type { AuditAction, AuditDetails, AuditEntry } from '@llmchat/protocol/api/audit-schema'

/** Where an act comes from. */
export interface AuditOrigin {
  actorKind: AuditEntry['actorKind']
  actorId: string | null
  apiKeyId: string | null
  address: string | null
  requestId: string | null
}

/** An act as it is told; the log adds its number, its time and its hash. */
export interface AuditAct extends AuditOrigin {
  action: AuditAction
  target: { kind: string; id: string } | null
  /** Null: it succeeded. Else the code it failed with. */
  errorCode: string | null
  /** Never content, never secrets. */
  details?: AuditDetails
}

export const commandLineOrigin: AuditOrigin = {
  actorKind: 'command-line',
  actorId: null,
  apiKeyId: null,
  address: null,
  requestId: null,
}

export const systemOrigin: AuditOrigin = { ...commandLineOrigin, actorKind: 'system' }
