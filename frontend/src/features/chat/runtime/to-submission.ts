import type { ChatMessage, SendMessageRequest } from '@llmchat/protocol/api/chat-schema'
import { toUploadUrl } from '@llmchat/protocol/upload-url'
import type { OutboxItem } from '../outbox/outbox-item.ts'
import type { ChatEntry } from '../stream/chat-state.ts'
import { buildBranch, toNextTime } from '../thread/message-tree.ts'
import { noFiles, toFilePart } from '../uploads/message-file.ts'
import type { Submission } from './answer-sender.ts'

/** What to send and to paint for a message of the outbox. */
export function toQuestionSubmission(
  item: OutboxItem,
  entry: ChatEntry,
  options: { nowMs: number; isRepeat: boolean },
): Submission {
  const parentId = findParentId(item, entry)
  const { id, sessionId, text, agentId, files = noFiles } = item
  const fileParts = files.map(({ id: uploadId, name, mediaType }) => ({
    type: 'file',
    url: toUploadUrl(uploadId),
    mediaType,
    filename: name,
  }))
  const body: SendMessageRequest = {
    id: sessionId,
    trigger: 'submit-message',
    messages: [{ id, role: 'user', parts: [...fileParts, { type: 'text', text }] }],
    ...(agentId === null ? {} : { agentId }),
    ...(parentId === undefined ? {} : { parentId }),
  }
  return {
    body,
    outgoing: { itemId: id, parentId: id, agentId },
    isPaintedAtOnce: !options.isRepeat && entry.load.state === 'ready',
    question: toQuestionRow(item, parentId ?? null, toNextTime(entry.messages, options.nowMs)),
  }
}

/** What to send and to paint when an answer is made again, or goes on, in a new version beside it. */
export function toAgainSubmission(
  sessionId: string,
  message: ChatMessage | null,
  messageId: string,
  options: { agentId: string | null; isContinuation: boolean },
): Submission {
  const { agentId, isContinuation } = options
  return {
    body: {
      id: sessionId,
      trigger: 'regenerate-message',
      messages: [],
      messageId,
      ...(agentId === null ? {} : { agentId }),
      ...(isContinuation ? { isContinuation } : {}),
    },
    outgoing: { itemId: null, parentId: message?.parentId ?? null, agentId: agentId ?? message?.agentId ?? null },
    question: null,
    isPaintedAtOnce: true,
  }
}

/** Undefined leaves it to the server: this tab has not loaded that chat. */
function findParentId(item: OutboxItem, entry: ChatEntry): string | null | undefined {
  if (item.branchFromId !== undefined) return item.branchFromId
  if (item.parentId !== undefined) return item.parentId
  if (entry.load.state !== 'ready') return undefined
  return buildBranch(entry.messages, entry.leafId).at(-1)?.message.id ?? null
}

function toQuestionRow(item: OutboxItem, parentId: string | null, createdAt: string): ChatMessage {
  return {
    id: item.id,
    sessionId: item.sessionId,
    parentId,
    role: 'user',
    parts: [...(item.files ?? noFiles).map(toFilePart), { type: 'text', id: 't1', text: item.text }],
    delivery: null,
    agentId: null,
    agentName: null,
    insteadOf: null,
    generationId: null,
    usage: null,
    timing: null,
    feedback: null,
    createdAt,
  }
}
