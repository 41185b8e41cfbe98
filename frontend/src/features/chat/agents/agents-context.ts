import type { Agent } from '@llmchat/protocol/api/agent-schema'
import { createContext, useContext } from 'react'

/** The agents this person may talk to; empty until they have been read. */
export const AgentsContext = createContext<readonly Agent[]>([])

export function useAgents(): readonly Agent[] {
  return useContext(AgentsContext)
}

/** Null when nobody named it, or it is gone. */
export function findAgent(agents: readonly Agent[], id: string | null): Agent | null {
  return agents.find((agent) => agent.id === id) ?? null
}

/** Who answers when nobody was chosen: the person's own default, the company's, else the first that is there. */
export function pickDefaultAgent(agents: readonly Agent[], preferredId: string | null): Agent | null {
  const active = agents.filter((agent) => agent.isActive)
  return findAgent(active, preferredId) ?? active.find((agent) => agent.isDefault) ?? active[0] ?? null
}
