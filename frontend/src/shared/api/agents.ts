import type { Agent } from '@llmchat/protocol/api/agent-schema'
import { queryOptions } from '@tanstack/react-query'
import { requestJson } from './request-json.ts'

/** The agents this person may talk to, with their health. */
export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: async ({ signal }) => (await requestJson<{ agents: Agent[] }>('/api/agents', { signal })).agents,
  staleTime: 30_000,
  refetchInterval: 60_000,
})
