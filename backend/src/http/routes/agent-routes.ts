import { AgentListSchema, type Agent } from '@llmchat/protocol/api/agent-schema'
import type { HttpApp } from '../app-types.ts'
import { isSignedIn } from '../policies/is-signed-in.ts'
import type { ShareGet } from '../plugins/create-get-sharing.ts'

export type AgentSummary = Omit<Agent, 'health' | 'firstContentMs'>

export interface AgentRouteDeps {
  listAgents(): Promise<AgentSummary[]>
  /** Those that this person may see. */
  listVisibleAgents(userId: string): Promise<AgentSummary[]>
  /** From what this instance saw lately; no request leaves for it. */
  findAgentHealth(agentId: string): Pick<Agent, 'health' | 'firstContentMs'>
}

export function addAgentRoutes(app: HttpApp, deps: AgentRouteDeps & { shareGet: ShareGet }): void {
  app.get(
    '/api/agents',
    {
      config: { policy: isSignedIn('read', 'chat') },
      schema: { summary: 'List the agents and how they are', response: { 200: AgentListSchema } },
    },
    (request) =>
      deps.shareGet(request, async () => {
        const agents = await deps.listVisibleAgents(request.user.id)
        return { agents: agents.map((agent) => ({ ...agent, ...deps.findAgentHealth(agent.id) })) }
      }),
  )
}
