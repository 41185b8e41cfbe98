import type { AuditAction } from '@llmchat/protocol/api/audit-schema'
import { zhAdminAudit } from '../../../shared/i18n/catalogue/zh/admin-audit.ts'

const prefix = 'admin.act.'

/** Every action, in the order of the protocol. From the texts, which have one each: the schema itself would bring its library along. */
export const auditActions: readonly AuditAction[] = Object.keys(zhAdminAudit)
  .filter((key) => key.startsWith(prefix))
  .map((key) => key.slice(prefix.length) as AuditAction)

/** Whether an action of the log is one that we have words for; a newer server may write others. */
export function isKnownAction(action: string): action is AuditAction {
  return Object.hasOwn(zhAdminAudit, prefix + action)
}

export const targetKinds = [
  'user',
  'group',
  'agent',
  'api-key',
  'login-session',
  'invitation',
  'instance',
  'chat-session',
  'quota',
] as const
export type TargetKind = (typeof targetKinds)[number]

export function isTargetKind(kind: string): kind is TargetKind {
  return targetKinds.some((known) => known === kind)
}
