import type { ChatSession, ChatSessionPage } from '@llmchat/protocol/api/chat-schema'
import { createStore } from 'zustand/vanilla'
import type { StoreApi } from 'zustand/vanilla'
import { compareOrder, mergeOlder, mergeRecent } from './merge-sessions.ts'

export interface SessionListState {
  /** Null before the first page has come. */
  sessions: readonly ChatSession[] | null
  /** Where the next older page begins; null at the end. */
  nextCursor: string | null
}

/** A person's chats as far as they have been read. */
export interface SessionList extends Pick<StoreApi<SessionListState>, 'getState' | 'getInitialState' | 'subscribe'> {
  takeRecent: (page: ChatSessionPage) => void
  takeOlder: (page: ChatSessionPage) => void
  /** Shows a change before the server has confirmed it. */
  change: (id: string, change: Partial<ChatSession>) => void
  remove: (id: string) => void
  add: (session: ChatSession) => void
}

export function createSessionList(): SessionList {
  const store = createStore<SessionListState>(() => ({ sessions: null, nextCursor: null }))
  const update = (change: (sessions: readonly ChatSession[]) => readonly ChatSession[]) =>
    store.setState(({ sessions }) => ({ sessions: change(sessions ?? []) }))
  const sort = (sessions: readonly ChatSession[]) => [...sessions].sort(compareOrder)
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    takeRecent(page) {
      const { sessions: known, nextCursor } = store.getState()
      const sessions = mergeRecent(known ?? [], page)
      const hasOlder = sessions.length > page.sessions.length
      store.setState({ sessions, nextCursor: hasOlder ? nextCursor : page.nextCursor })
    },
    takeOlder(page) {
      update((sessions) => mergeOlder(sessions, page))
      store.setState({ nextCursor: page.nextCursor })
    },
    change: (id, change) =>
      update((sessions) => sort(sessions.map((session) => (session.id === id ? { ...session, ...change } : session)))),
    remove: (id) => update((sessions) => sessions.filter((session) => session.id !== id)),
    add: (session) => update((sessions) => sort([...sessions.filter(({ id }) => id !== session.id), session])),
  }
}
