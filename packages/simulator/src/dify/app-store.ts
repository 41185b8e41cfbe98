import type { JsonObject } from '../http/json-fields.ts'
import { type BoundedStore, createBoundedStore } from '../run/bounded-store.ts'
import type { StreamRun } from '../run/stream-run.ts'
import type { DifyIds } from './dify-turn.ts'

export interface StoredMessage {
  ids: DifyIds
  user: string
  inputs: JsonObject
  query: string
  answer: string
  status: 'normal' | 'error'
  error: string | null
  rating: string | null
  createdAt: number
}

export interface StoredConversation {
  id: string
  user: string
  name: string
  inputs: JsonObject
  createdAt: number
  /** Counts up with each message, for the order of the conversations. */
  changeNumber: number
  messages: StoredMessage[]
}

export interface StoredRun {
  ids: DifyIds
  user: string
  run: StreamRun
  /** Only chatflows can be attached to again. */
  isWorkflow: boolean
  answerTokens: readonly string[]
  /** The one event a finished run answers with. */
  finishedFrame: string | null
}

export interface AppStore {
  conversations: BoundedStore<StoredConversation>
  /** By task id. */
  runs: BoundedStore<StoredRun>
  touch(conversation: StoredConversation): void
  findMessage(messageId: string): StoredMessage | null
  clear(): void
}

const MAX_ENTRIES = 5000

/** Dify's own memory: conversations with their messages, and runs. */
export function createAppStore(): AppStore {
  const conversations = createBoundedStore<StoredConversation>(MAX_ENTRIES)
  const runs = createBoundedStore<StoredRun>(MAX_ENTRIES)
  let changes = 0

  return {
    conversations,
    runs,
    touch(conversation) {
      changes += 1
      conversation.changeNumber = changes
    },
    findMessage(messageId) {
      for (const conversation of conversations.list()) {
        const message = conversation.messages.find((candidate) => candidate.ids.messageId === messageId)
        if (message !== undefined) return message
      }
      return null
    },
    clear() {
      conversations.clear()
      runs.clear()
    },
  }
}
