import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { emptyEntry } from '../stream/chat-state.ts'
import type { ChatEntry } from '../stream/chat-state.ts'
import type { BrowserRuntime } from './browser-runtime.ts'

export const ChatRuntimeContext = createContext<BrowserRuntime | null>(null)

/** Throws outside the chat. */
export function useChatRuntime(): BrowserRuntime {
  const runtime = useContext(ChatRuntimeContext)
  if (!runtime) throw new Error('useChatRuntime needs a ChatRuntimeContext above it')
  return runtime
}

/** The part of a chat that `select` picks; renders again when that part changes. `select` must return what is there. */
export function useChatEntry<T>(sessionId: string | null, select: (entry: ChatEntry) => T): T {
  const { store } = useChatRuntime()
  return useStore(store, ({ entries }) => select((sessionId === null ? undefined : entries[sessionId]) ?? emptyEntry))
}
