import type { UserRole } from '@llmchat/protocol/api/user-schema'
import type { AdminText } from './use-admin-text.ts'

/** Roles by name, for a sentence. */
export function toRoleNames(text: AdminText, roles: readonly UserRole[]): string {
  return roles.map((role) => text(`admin.role.${role}`)).join(' · ')
}
