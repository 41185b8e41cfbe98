/** One line of the audit log, as far as the one who acts knows it. Never holds a secret. */
export interface AuditEntry {
  /** `password.changed`, `link.used` … */
  action: string
  outcome: 'done' | 'refused'
  actorId?: string
  targetType?: string
  targetId?: string
  detail?: Record<string, string | number | boolean>
}

export type RecordAudit = (entry: AuditEntry) => Promise<void>
