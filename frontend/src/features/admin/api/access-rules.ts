import type { AgentAccessRule } from '@llmchat/protocol/api/admin-schema'

export type Effect = AgentAccessRule['effect'] | 'none'
export const effects: readonly Effect[] = ['none', 'allow', 'deny']

export function toEffect(rules: readonly AgentAccessRule[], groupId: string): Effect {
  return rules.find((rule) => rule.groupId === groupId)?.effect ?? 'none'
}

/** The rules of an agent with one group's rule changed; those of other groups stay as they are, in their order. */
export function withEffect(rules: readonly AgentAccessRule[], groupId: string, effect: Effect): AgentAccessRule[] {
  const others = rules.filter((rule) => rule.groupId !== groupId)
  return effect === 'none' ? others : [...others, { groupId, effect }]
}
