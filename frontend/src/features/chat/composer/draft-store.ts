import { createStore } from 'zustand/vanilla'
import type { StoreApi } from 'zustand/vanilla'
import { useStore } from 'zustand'

/** What is typed and not sent, by key; kept through reloads, other chats and a lost login. */
export interface DraftStore extends Pick<
  StoreApi<Readonly<Record<string, string>>>,
  'getState' | 'getInitialState' | 'subscribe'
> {
  /** The empty string when nothing is kept. */
  read: (key: string) => string
  set: (key: string, text: string) => void
}

/** Keys are chat ids, or `new` for the chat that does not exist yet. */
export function createDraftStore(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null,
  userId: string,
): DraftStore {
  const store = createStore<Readonly<Record<string, string>>>(() => ({}))
  const toStorageKey = (key: string) => `llmchat.draft.${userId}.${key}`
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    read: (key) => store.getState()[key] ?? storage?.getItem(toStorageKey(key)) ?? '',
    set(key, text) {
      store.setState({ [key]: text })
      if (text === '') storage?.removeItem(toStorageKey(key))
      else storage?.setItem(toStorageKey(key), text)
    },
  }
}

/** The draft under `key`, as it is typed. */
export function useDraft(drafts: DraftStore, key: string): string {
  return useStore(drafts, (state) => state[key]) ?? drafts.read(key)
}
