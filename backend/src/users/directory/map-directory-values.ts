import type { UserRole } from '@llmchat/protocol/api/user-schema'
import type { DirectoryRules } from '../../config/directory-config.ts'

/** The highest first. */
const ranks: readonly UserRole[] = ['admin', 'operator', 'auditor', 'member']
const MAX_NAME_LENGTH = 120
/** Whoever is in more groups than this has them for other things than ours. */
const MAX_GROUPS = 500

function findOwn<Value>(mapping: Readonly<Record<string, Value>>, key: string): Value[] {
  // `constructor` is no role, whatever objects have of their own.
  const value = Object.hasOwn(mapping, key) ? mapping[key] : undefined
  return value === undefined ? [] : [value]
}

/** What a directory's words make of somebody; null: roles are not its matter. */
export function toRole(values: readonly string[], mapping: DirectoryRules['roleMapping']): UserRole | null {
  if (mapping === null) return null
  const roles = values.flatMap((value) => findOwn(mapping, value))
  return ranks.find((rank) => roles.includes(rank)) ?? 'member'
}

/** The names of our groups, each once. */
export function toGroupNames(values: readonly string[], mapping: DirectoryRules['groupMapping']): string[] {
  const names = mapping === null ? values : values.flatMap((value) => findOwn(mapping, value))
  const fit = names.map((name) => name.trim()).filter((name) => name !== '' && name.length <= MAX_NAME_LENGTH)
  return [...new Set(fit)].slice(0, MAX_GROUPS)
}
