import type { AgentAccessRules } from './agents/agent-access.ts'
import type { AgentRepository, AgentTarget } from './agents/agent-repository.ts'
import { AppError } from './base/app-error.ts'
import type { AgentChoice } from './generation/generation-job.ts'

interface AgentChoiceDeps {
  agents: Pick<AgentRepository, 'findAgentTarget' | 'getActiveTarget' | 'listAgents'>
  access: Pick<AgentAccessRules, 'filterVisible' | 'isVisibleTo'>
}

interface AgentChooser {
  /** Whether active or not; null when deleted. */
  findAgent: (agentId: string) => Promise<AgentChoice | null>
  /** Null: the first that this person may see. Throws `agent_not_found`, also where they may not, `agent_inactive`. */
  getAgent: (userId: string, agentId: string | null) => Promise<AgentChoice>
  listVisibleAgents: (userId: string) => ReturnType<AgentRepository['listAgents']>
}

/** Agents as the generation room takes them, by what a person may see. */
export function createAgentChoice({ agents, access }: AgentChoiceDeps): AgentChooser {
  async function listVisibleAgents(userId: string): ReturnType<AgentRepository['listAgents']> {
    return access.filterVisible(userId, await agents.listAgents())
  }

  return {
    async findAgent(agentId) {
      const found = await agents.findAgentTarget(agentId)
      return found && toAgentChoice(found)
    },
    async getAgent(userId, agentId) {
      const id = agentId ?? (await listVisibleAgents(userId))[0]?.id
      if (id === undefined) throw new AppError('agent_not_found', { message: 'No agent is set up yet.' })
      if (!(await access.isVisibleTo(userId, id))) throw new AppError('agent_not_found')
      return toAgentChoice(await agents.getActiveTarget(id))
    },
    listVisibleAgents,
  }
}

function toAgentChoice({ agent, target, resilience }: AgentTarget): AgentChoice {
  const takes = { images: agent.takesImages, files: agent.takesFiles }
  return { id: agent.id, name: agent.name, target, resilience, takes }
}
