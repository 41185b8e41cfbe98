import Type from 'typebox'
import type { Delivery, Timing, Usage } from '../chat-event.ts'
import type { MessagePart } from '../message-part.ts'
import { ClientIdSchema, TimestampSchema, toNullable } from './common-schema.ts'

/**
 * `POST /api/chat`, the body the AI SDK's DefaultChatTransport sends, and three fields of ours. Of `messages` only the
 * last is read: our database, not the client's copy of the history, is the truth. Unknown fields are the caller's own.
 */
export const SendMessageRequestSchema = Type.Object({
  id: ClientIdSchema,
  trigger: Type.Optional(Type.Union([Type.Literal('submit-message'), Type.Literal('regenerate-message')])),
  messages: Type.Array(
    Type.Object({
      id: Type.Optional(Type.String({ maxLength: 128 })),
      role: Type.Union([Type.Literal('user'), Type.Literal('assistant'), Type.Literal('system')]),
      /** `text`, and `file` as the AI SDK sends it, whose `url` is that of an upload of one's own. */
      parts: Type.Optional(
        Type.Array(
          Type.Object({
            type: Type.String(),
            text: Type.Optional(Type.String()),
            url: Type.Optional(Type.String()),
            mediaType: Type.Optional(Type.String()),
            filename: Type.Optional(Type.String()),
          }),
        ),
      ),
    }),
    { maxItems: 10_000 },
  ),
  /**
   * With `regenerate-message`: the answer to make again (or the question to answer again). With `submit-message`: the
   * user message that the new one is an edit of.
   */
  messageId: Type.Optional(Type.String({ maxLength: 128 })),
  /** The agent to ask; default: the chat's agent, else the default agent. */
  agentId: Type.Optional(Type.String({ maxLength: 64 })),
  /** The message to hang the new one on (edit, branch); null starts at the root; default: the active leaf. */
  parentId: Type.Optional(toNullable(Type.String({ maxLength: 128 }))),
  /** Go on from the partial answer `messageId` instead of starting over. */
  isContinuation: Type.Optional(Type.Boolean()),
})
export type SendMessageRequest = Type.Static<typeof SendMessageRequestSchema>

export const StopRequestSchema = Type.Object(
  {
    /** Default: the newest running generation of the chat. */
    generationId: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { additionalProperties: false },
)
export const StopResponseSchema = Type.Object({
  generationId: toNullable(Type.String()),
  state: Type.String({ description: 'the resulting state of the answer' }),
})

export const ChatSessionSchema = Type.Object(
  {
    id: Type.String(),
    title: Type.String(),
    agentId: toNullable(Type.String()),
    isPinned: Type.Boolean(),
    isArchived: Type.Boolean(),
    /** `running` while an answer is made; `unread`: one ended since this chat was last read. */
    state: Type.Union([Type.Literal('idle'), Type.Literal('running'), Type.Literal('unread')]),
    activeLeafId: toNullable(Type.String()),
    createdAt: TimestampSchema,
    updatedAt: TimestampSchema,
  },
  { $id: 'ChatSession' },
)
export type ChatSession = Type.Static<typeof ChatSessionSchema>

/** Keyset page, pinned chats first, then the newest. `nextCursor` is null on the last page. */
export const ChatSessionPageSchema = Type.Object({
  sessions: Type.Array(ChatSessionSchema),
  nextCursor: toNullable(Type.String()),
})
export type ChatSessionPage = Type.Static<typeof ChatSessionPageSchema>

export const ListSessionsQuerySchema = Type.Object(
  {
    cursor: Type.Optional(Type.String({ maxLength: 400 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    archived: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

export const ListMessagesQuerySchema = Type.Object(
  {
    cursor: Type.Optional(Type.String({ maxLength: 400 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)

/** `branch`: the messages its reader sees; `tree`: all siblings too, as JSON only. */
export const ExportQuerySchema = Type.Object(
  {
    format: Type.Union([Type.Literal('md'), Type.Literal('json')]),
    scope: Type.Optional(Type.Union([Type.Literal('branch'), Type.Literal('tree')])),
  },
  { additionalProperties: false },
)

export const UpdateSessionRequestSchema = Type.Object(
  {
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    isPinned: Type.Optional(Type.Boolean()),
    isArchived: Type.Optional(Type.Boolean()),
    isRead: Type.Optional(Type.Literal(true)),
    activeLeafId: Type.Optional(ClientIdSchema),
    agentId: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type UpdateSessionRequest = Type.Static<typeof UpdateSessionRequestSchema>

/** One message of the tree. `status`, `usage` and `timing` are null on user messages. */
export interface ChatMessage {
  id: string
  sessionId: string
  parentId: string | null
  role: 'user' | 'assistant'
  parts: readonly MessagePart[]
  delivery: Delivery | null
  agentId: string | null
  agentName: string | null
  /** The name of the agent that was asked, where another one answered. */
  insteadOf: string | null
  generationId: string | null
  usage: Usage | null
  timing: Timing | null
  feedback: 'good' | 'bad' | null
  createdAt: string
}

export const ChatMessageSchema = Type.Object(
  {
    id: Type.String(),
    sessionId: Type.String(),
    parentId: toNullable(Type.String()),
    role: Type.Union([Type.Literal('user'), Type.Literal('assistant')]),
    parts: Type.Array(Type.Unknown()),
    delivery: Type.Unknown(),
    agentId: toNullable(Type.String()),
    agentName: toNullable(Type.String()),
    insteadOf: toNullable(Type.String()),
    generationId: toNullable(Type.String()),
    usage: Type.Unknown(),
    timing: Type.Unknown(),
    feedback: toNullable(Type.Union([Type.Literal('good'), Type.Literal('bad')])),
    createdAt: TimestampSchema,
  },
  { $id: 'ChatMessage' },
)

/** Messages of all branches, oldest first within the page; pages go back in time. */
export const ChatMessagePageSchema = Type.Object({
  session: ChatSessionSchema,
  messages: Type.Array(ChatMessageSchema),
  nextCursor: toNullable(Type.String()),
})
export interface ChatMessagePage {
  session: ChatSession
  messages: ChatMessage[]
  nextCursor: string | null
}

export const SearchQuerySchema = Type.Object(
  { q: Type.String({ minLength: 1, maxLength: 200 }), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })) },
  { additionalProperties: false },
)

/** `snippet` is plain text round the first hit; `ranges` are [start, end) offsets in it, in UTF-16 units. */
export const SearchResponseSchema = Type.Object({
  hits: Type.Array(
    Type.Object({
      sessionId: Type.String(),
      sessionTitle: Type.String(),
      messageId: toNullable(Type.String()),
      snippet: Type.String(),
      // Not as a tuple: OpenAPI 3.1 knows no `items` that is a list.
      ranges: Type.Array(
        Type.Unsafe<[number, number]>({ type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2 }),
      ),
      createdAt: TimestampSchema,
    }),
  ),
})
export type SearchResponse = Type.Static<typeof SearchResponseSchema>

export const FeedbackRequestSchema = Type.Object(
  {
    messageId: ClientIdSchema,
    rating: toNullable(Type.Union([Type.Literal('good'), Type.Literal('bad')])),
    comment: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { additionalProperties: false },
)
export type FeedbackRequest = Type.Static<typeof FeedbackRequestSchema>
