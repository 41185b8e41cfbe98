import type { JsonObject } from '../http/json-fields.ts'
import type { SimulatorPlan } from '../plan.ts'
import { type BoundedStore, createBoundedStore } from '../run/bounded-store.ts'
import type { StreamRun } from '../run/stream-run.ts'

export interface ChatRecord {
  dataId: string
  obj: 'Human' | 'AI'
  value: JsonObject[]
  userGoodFeedback: string | null
  userBadFeedback: string | null
  responseData: JsonObject[]
}

export interface StoredChat {
  chatId: string
  appId: string
  title: string
  customTitle: string
  isTop: boolean
  /** Counts up with each change, for the order of the histories. */
  changeNumber: number
  records: ChatRecord[]
  /** The run that makes an answer now; null when none does. */
  run: StreamRun | null
  /** A paused workflow and the plan it goes on with. */
  paused: { interactive: JsonObject; plan: SimulatorPlan; seed: number } | null
}

export interface ChatStore {
  find(chatId: string): StoredChat | null
  getOrCreate(chatId: string, appId: string): StoredChat
  touch(chat: StoredChat): void
  delete(chatId: string): void
  list(): StoredChat[]
  clear(): void
}

const MAX_CHATS = 5000

/** FastGPT's own memory of chats, by chat id. */
export function createChatStore(): ChatStore {
  const chats: BoundedStore<StoredChat> = createBoundedStore(MAX_CHATS)
  let changes = 0

  return {
    find: (chatId) => chats.find(chatId),
    getOrCreate(chatId, appId) {
      const existing = chats.find(chatId)
      if (existing !== null) return existing
      const chat: StoredChat = {
        chatId,
        appId,
        title: '',
        customTitle: '',
        isTop: false,
        changeNumber: 0,
        records: [],
        run: null,
        paused: null,
      }
      chats.set(chatId, chat)
      return chat
    },
    touch(chat) {
      changes += 1
      chat.changeNumber = changes
    },
    delete: (chatId) => {
      chats.delete(chatId)
    },
    list: () => chats.list(),
    clear: () => {
      chats.clear()
    },
  }
}
