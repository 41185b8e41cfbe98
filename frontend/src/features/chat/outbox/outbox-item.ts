import type { QuotaUse } from '@llmchat/protocol/api/quota-schema'
import type { MessageFile } from '../uploads/message-file.ts'

/** A message on its way: kept on this device until the server has acknowledged it. */
export interface OutboxItem {
  /** The user message's id, made here, so that sending again never doubles it. */
  id: string
  sessionId: string
  text: string
  /** What goes with it; all on the server already. */
  files?: readonly MessageFile[]
  agentId: string | null
  /** The first message of a chat that the server does not know before. */
  startsChat?: true
  /** Set when an earlier question is asked anew: the message the new branch hangs on. */
  branchFromId?: string | null
  /** What it was first sent as an answer to; a repeat must say the same. */
  parentId?: string | null
  /** The server refused it for good; it waits for its writer. */
  failure?: { code: string; requestId: string | null; quota?: QuotaUse }
  createdAt: string
}
