import type { ChatMessage, ChatMessagePage, ChatSession } from '@llmchat/protocol/api/chat-schema'
import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import type { ApiError } from '../../../shared/api/api-error.ts'
import { buildBranch } from '../thread/message-tree.ts'
import type { MessageMap } from '../thread/message-tree.ts'
import { isEnded } from './answer-progress.ts'

/** What was asked and has no answer row yet. `accepted`: the server has it for good. */
export interface Outgoing {
  /** The outbox item behind it; null for a regenerated or continued answer. */
  itemId: string | null
  /** What the answer will hang on. */
  parentId: string | null
  agentId: string | null
  phase: 'sending' | 'accepted'
  /** Where the screen goes back to when sending fails. */
  previousLeafId: string | null
}

export type LoadState =
  { state: 'idle' } | { state: 'loading' } | { state: 'ready' } | { state: 'failed'; error: ApiError }

/** One chat as this tab knows it. Never changed in place. */
export interface ChatEntry {
  session: ChatSession | null
  load: LoadState
  messages: MessageMap
  /** Answers being written, by message id: what to paint in place of their stored row. */
  live: ReadonlyMap<string, FoldedMessage>
  /** The branch on the screen goes through this message. */
  leafId: string | null
  outgoing: Outgoing | null
  olderCursor: string | null
  isLoadingOlder: boolean
  /** A stop was pressed and the answer has not ended yet. */
  isStopping: boolean
}

export const emptyEntry: ChatEntry = {
  session: null,
  load: { state: 'idle' },
  messages: new Map(),
  live: new Map(),
  leafId: null,
  outgoing: null,
  olderCursor: null,
  isLoadingOlder: false,
  isStopping: false,
}

/**
 * Merges a page. The newest page also says which branch is shown and where older messages begin; rows already loaded
 * keep their identity when the server says nothing new, answers in the middle of their stream keep their live text.
 */
export function withPage(entry: ChatEntry, page: ChatMessagePage, kind: 'newest' | 'older'): ChatEntry {
  const messages = new Map(kind === 'older' ? page.messages.map((message) => [message.id, message]) : [])
  for (const [id, message] of entry.messages) messages.set(id, message)
  if (kind === 'newest') for (const message of page.messages) messages.set(message.id, pickSame(messages, message))
  if (kind === 'older') return { ...entry, messages, olderCursor: page.nextCursor, isLoadingOlder: false }
  const isFirst = entry.load.state !== 'ready'
  return {
    ...entry,
    session: page.session,
    load: { state: 'ready' },
    messages,
    leafId: entry.outgoing ? entry.leafId : page.session.activeLeafId,
    olderCursor: isFirst ? page.nextCursor : entry.olderCursor,
  }
}

function pickSame(known: MessageMap, message: ChatMessage): ChatMessage {
  const old = known.get(message.id)
  const isKnown = old?.createdAt === message.createdAt && old.feedback === message.feedback
  return old && isKnown && (old.role === 'user' || (isEnded(old.delivery) && isEnded(message.delivery))) ? old : message
}

/** Shows what is being sent in the same frame; `question` is the user's message, absent when an answer is made again. */
export function withOutgoing(
  entry: ChatEntry,
  outgoing: Omit<Outgoing, 'previousLeafId' | 'phase'>,
  question: ChatMessage | null,
): ChatEntry {
  const messages = question ? new Map(entry.messages).set(question.id, question) : entry.messages
  return {
    ...entry,
    messages,
    leafId: outgoing.parentId,
    outgoing: { ...outgoing, phase: 'sending', previousLeafId: entry.leafId },
    isStopping: false,
  }
}

export function withAccepted(entry: ChatEntry): ChatEntry {
  return entry.outgoing ? { ...entry, outgoing: { ...entry.outgoing, phase: 'accepted' } } : entry
}

/** Sending failed: its question leaves the thread again, the outbox keeps it. */
export function withoutOutgoing(entry: ChatEntry): ChatEntry {
  const { outgoing } = entry
  if (!outgoing) return entry
  const messages = new Map(entry.messages)
  if (outgoing.itemId !== null && outgoing.phase === 'sending') messages.delete(outgoing.itemId)
  return { ...entry, messages, leafId: outgoing.previousLeafId, outgoing: null, isStopping: false }
}

/** An answer is being written: its row exists from now on. */
export function withAnswer(entry: ChatEntry, answer: ChatMessage, folded: FoldedMessage): ChatEntry {
  const messages = entry.messages.has(answer.id) ? entry.messages : new Map(entry.messages).set(answer.id, answer)
  const isNew = entry.outgoing !== null || messages !== entry.messages
  return {
    ...entry,
    messages,
    live: new Map(entry.live).set(answer.id, folded),
    leafId: isNew ? answer.id : entry.leafId,
    outgoing: null,
  }
}

export function withLive(entry: ChatEntry, messageId: string, folded: FoldedMessage): ChatEntry {
  if (entry.live.get(messageId) === folded) return entry
  return { ...entry, live: new Map(entry.live).set(messageId, folded) }
}

/** Puts what was read so far into the row and ends the live painting; the answer itself may go on unseen. */
export function withoutLive(entry: ChatEntry, messageId: string): ChatEntry {
  const folded = entry.live.get(messageId)
  const message = entry.messages.get(messageId)
  if (!folded || !message) return entry
  const live = new Map(entry.live)
  live.delete(messageId)
  const { parts, delivery, usage, timing, answeredBy } = folded
  const messages = new Map(entry.messages).set(messageId, {
    ...message,
    ...answeredBy,
    parts,
    delivery,
    usage,
    timing,
  })
  return { ...entry, messages, live, isStopping: false }
}

/** The answer on the shown branch that is still being made, or null. */
export function findRunningAnswer(entry: ChatEntry): ChatMessage | null {
  const last = buildBranch(entry.messages, entry.leafId).at(-1)?.message
  if (last?.role !== 'assistant') return null
  const delivery = entry.live.get(last.id)?.delivery ?? last.delivery
  return isEnded(delivery) ? null : last
}

/** True while nothing new may be sent here: an answer is being asked for or written. */
export function isBusy(entry: ChatEntry): boolean {
  return entry.outgoing !== null || findRunningAnswer(entry) !== null
}
