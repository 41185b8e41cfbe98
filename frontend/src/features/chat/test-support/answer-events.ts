import type { ChatMessage, ChatMessagePage, ChatSession } from '@llmchat/protocol/api/chat-schema'
import type { ChatEvent } from '@llmchat/protocol/chat-event'

export function createStart(generationId: string, parentId: string, messageId = `a-${generationId}`): ChatEvent {
  const messageMetadata = { generationId, sessionId: 's1', parentId, agentId: 'agent-1' }
  return { type: 'start', messageId, messageMetadata }
}

export const textStart: ChatEvent = { type: 'text-start', id: 't1' }
export const createDelta = (delta: string): ChatEvent => ({ type: 'text-delta', id: 't1', delta })
export const completed: ChatEvent = { type: 'data-delivery', data: { state: 'complete', finishReason: 'stop' } }
export const finish: ChatEvent = { type: 'finish', finishReason: 'stop' }

export function createMessage(fields: Partial<ChatMessage> & { id: string }): ChatMessage {
  return {
    sessionId: 's1',
    parentId: null,
    role: 'user',
    parts: [],
    delivery: null,
    agentId: null,
    agentName: null,
    insteadOf: null,
    generationId: null,
    usage: null,
    timing: null,
    feedback: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    ...fields,
  }
}

export function createPage(messages: ChatMessage[], session: Partial<ChatSession> = {}): ChatMessagePage {
  return {
    session: {
      id: 's1',
      title: 'A chat',
      agentId: 'agent-1',
      isPinned: false,
      isArchived: false,
      state: 'idle',
      activeLeafId: messages.at(-1)?.id ?? null,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
      ...session,
    },
    messages,
    nextCursor: null,
  }
}
