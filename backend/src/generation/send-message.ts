/** What a person asks for with `POST /api/chat`, already parsed. */
export interface SendMessage {
  userId: string
  sessionId: string
  trigger: 'submit-message' | 'regenerate-message'
  /** The new question, for `submit-message`. */
  question: { id: string; text: string; fileIds: readonly string[] } | null
  /** The answer (or question) to answer again, for `regenerate-message`; null: the newest. */
  targetId: string | null
  agentId: string | null
  /** Undefined: the active leaf. Null: the root. */
  parentId: string | null | undefined
  /** Go on from the target's partial text. */
  isContinuation: boolean
}
