import type { Agent } from '@llmchat/protocol/api/agent-schema'

/** What may be added for this agent; text files always. */
export function toTaken(agent: Agent | null): 'all' | 'images' | 'files' | 'text' {
  if (agent === null || (agent.takesImages && agent.takesFiles)) return 'all'
  if (agent.takesImages) return 'images'
  return agent.takesFiles ? 'files' : 'text'
}
