import type { AdminAgent, AgentAccessRule, AgentTest, UpdateAgentRequest } from '@llmchat/protocol/api/admin-schema'
import type { AgentImport } from '@llmchat/protocol/api/agent-schema'
import { queryOptions } from '@tanstack/react-query'
import { requestJson } from '../../../shared/api/request-json.ts'

export const adminAgentsQuery = queryOptions({
  queryKey: ['admin', 'agents'],
  queryFn: async ({ signal }) => (await requestJson<{ agents: AdminAgent[] }>('/api/admin/agents', { signal })).agents,
})

export function getAgent(id: string): Promise<AdminAgent> {
  return requestJson(toAgentUrl(id))
}

/** Throws `conflict` for an id that is taken, `invalid_request` with the server's own sentence. */
export function createAgent(body: AgentImport): Promise<AdminAgent> {
  return requestJson('/api/admin/agents', { method: 'POST', body })
}

export function updateAgent(id: string, changes: UpdateAgentRequest): Promise<AdminAgent> {
  return requestJson(toAgentUrl(id), { method: 'PATCH', body: changes })
}

export function deleteAgent(id: string): Promise<void> {
  return requestJson(toAgentUrl(id), { method: 'DELETE' })
}

/** All rules of one agent at once. */
export function replaceAccess(id: string, rules: readonly AgentAccessRule[]): Promise<AdminAgent> {
  return requestJson(`${toAgentUrl(id)}/access`, { method: 'PUT', body: { rules } })
}

/** Takes up to 30 s. */
export function testAgent(id: string): Promise<AgentTest> {
  return requestJson(`${toAgentUrl(id)}/test`, { method: 'POST' })
}

function toAgentUrl(id: string): string {
  return `/api/admin/agents/${encodeURIComponent(id)}`
}
