import type { ChatMessagePage, ChatSession, UpdateSessionRequest } from '@llmchat/protocol/api/chat-schema'

/** The requests the chat makes beside its streams; all throw `ApiError`. */
export interface ChatApi {
  listMessages: (sessionId: string, cursor: string | null) => Promise<ChatMessagePage>
  updateSession: (sessionId: string, change: UpdateSessionRequest) => Promise<ChatSession>
  stopAnswer: (sessionId: string, generationId: string | null) => Promise<unknown>
  sendFeedback: (body: { messageId: string; rating: 'good' | 'bad' | null }) => Promise<void>
}
