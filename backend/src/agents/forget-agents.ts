import type { CacheService } from '../cache/cache-service.ts'

/** Holds the open key: `process` scope alone. */
export function toAgentTargetKey(agentId: string): string {
  return `agent-target:${agentId}`
}

/** What people may know of the agents. */
export function toAgentListKey(withInactive: boolean): string {
  return withInactive ? 'agent-list:all' : 'agent-list:active'
}

/** For whoever writes agents, after the commit: no instance goes on with what it remembers of these. */
export async function forgetAgents(cache: Pick<CacheService, 'del'>, agentIds: readonly string[]): Promise<void> {
  await cache.del(toAgentListKey(true), toAgentListKey(false), ...agentIds.map(toAgentTargetKey))
}
