import type { Database } from '../../backend/src/db/database.ts'
import type { Delivery } from '../../packages/protocol/src/chat-event.ts'
import { toPlainText, type MessagePart } from '../../packages/protocol/src/message-part.ts'

export interface SeedSession {
  userId: string
  id: string
  title?: string
  /** ISO text, up to microseconds. */
  updatedAt?: string
  isPinned?: boolean
  isArchived?: boolean
  activeLeafId?: string
  lastAnswerAt?: string
  lastReadAt?: string
}

export async function seedSession(database: Database, session: SeedSession): Promise<void> {
  await database.kysely
    .insertInto('chat_sessions')
    .values({
      user_id: session.userId,
      id: session.id,
      title: session.title ?? session.id,
      is_pinned: session.isPinned ?? false,
      is_archived: session.isArchived ?? false,
      active_leaf_id: session.activeLeafId ?? null,
      last_answer_at: session.lastAnswerAt ?? null,
      ...(session.lastReadAt === undefined ? {} : { last_read_at: session.lastReadAt }),
      ...(session.updatedAt === undefined ? {} : { updated_at: session.updatedAt }),
    })
    .execute()
}

export interface SeedMessage {
  userId: string
  sessionId: string
  id: string
  parentId?: string
  role?: 'user' | 'assistant'
  text?: string
  parts?: MessagePart[]
  delivery?: Delivery
  generationId?: string
  agentName?: string
  createdAt?: string
}

export async function seedMessage(database: Database, message: SeedMessage): Promise<void> {
  const parts = message.parts ?? [{ type: 'text', id: 't1', text: message.text ?? message.id }]
  await database.kysely
    .insertInto('chat_messages')
    .values({
      user_id: message.userId,
      session_id: message.sessionId,
      id: message.id,
      parent_id: message.parentId ?? null,
      role: message.role ?? 'user',
      parts: JSON.stringify(parts),
      body: toPlainText(parts),
      delivery: message.delivery ? JSON.stringify(message.delivery) : null,
      generation_id: message.generationId ?? null,
      agent_name: message.agentName ?? null,
      ...(message.createdAt === undefined ? {} : { created_at: message.createdAt }),
    })
    .execute()
}

export interface SeedGeneration {
  userId: string
  sessionId: string
  messageId: string
  id: string
  status?: 'running' | 'complete'
  checkpoint?: unknown
}

export async function seedGeneration(database: Database, generation: SeedGeneration): Promise<void> {
  await database.kysely
    .insertInto('generations')
    .values({
      id: generation.id,
      user_id: generation.userId,
      session_id: generation.sessionId,
      message_id: generation.messageId,
      agent_id: 'agent',
      owner_instance: 'instance',
      status: generation.status ?? 'running',
      checkpoint: generation.checkpoint === undefined ? null : JSON.stringify(generation.checkpoint),
    })
    .execute()
}
