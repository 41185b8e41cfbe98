import type { ChatSession } from '@llmchat/protocol/api/chat-schema'
import { createContext, useContext } from 'react'

/** What can be done with a chat of the list. Changes are shown at once and taken back when the server refuses them. */
export interface SessionActs {
  askRename: (session: ChatSession) => void
  askDelete: (session: ChatSession) => void
  setPinned: (session: ChatSession, isPinned: boolean) => void
  setArchived: (session: ChatSession, isArchived: boolean) => void
}

export const SessionActsContext = createContext<SessionActs | null>(null)

/** Throws outside the chat. */
export function useSessionActs(): SessionActs {
  const acts = useContext(SessionActsContext)
  if (!acts) throw new Error('useSessionActs needs a SessionActsContext above it')
  return acts
}
