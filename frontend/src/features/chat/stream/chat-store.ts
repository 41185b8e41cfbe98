import { createStore } from 'zustand/vanilla'
import type { StoreApi } from 'zustand/vanilla'
import { emptyEntry } from './chat-state.ts'
import type { ChatEntry } from './chat-state.ts'

export interface ChatState {
  entries: Readonly<Record<string, ChatEntry>>
}

/** The chats this tab has seen, outside React; components read it with a selector. */
export interface ChatStore extends Pick<StoreApi<ChatState>, 'getState' | 'getInitialState' | 'subscribe'> {
  getEntry: (sessionId: string) => ChatEntry
  /** Replaces the chat's entry by what the pure `change` makes of it; the same entry means no change. */
  change: (sessionId: string, change: (entry: ChatEntry) => ChatEntry) => void
  forget: (sessionId: string) => void
}

export function createChatStore(): ChatStore {
  const store = createStore<ChatState>(() => ({ entries: {} }))
  const getEntry = (sessionId: string) => store.getState().entries[sessionId] ?? emptyEntry
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    getEntry,
    change(sessionId, change) {
      const before = getEntry(sessionId)
      const after = change(before)
      if (after !== before) store.setState(({ entries }) => ({ entries: { ...entries, [sessionId]: after } }))
    },
    forget(sessionId) {
      store.setState(({ entries }) => {
        const { [sessionId]: _forgotten, ...others } = entries
        return { entries: others }
      })
    },
  }
}
