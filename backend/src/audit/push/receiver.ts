import type { AuditEntry } from '@llmchat/protocol/api/audit-schema'

/** Where the audit log is pushed to. */
export interface AuditReceiver {
  name: 'http' | 'syslog'
  /**
   * Resolves when the receiver has taken all of them, in their order; as far as its protocol can tell. Rejects otherwise:
   * then all of them are sent again.
   */
  send(entries: readonly AuditEntry[]): Promise<void>
}

/** A receiver that does not answer holds nobody up for longer. */
export const sendLimitMs = 20_000
