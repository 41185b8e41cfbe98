import type { ChatSession } from '@llmchat/protocol/api/chat-schema'
import type { QuotaUse } from '@llmchat/protocol/api/quota-schema'
import { maxQuestionChars } from '@llmchat/protocol/max-question-chars'
import { createStore } from 'zustand/vanilla'
import type { StoreApi } from 'zustand/vanilla'
import { ApiError, toApiError } from '../../../shared/api/api-error.ts'
import { isRetryable } from '../../../shared/api/create-query-client.ts'
import { createConnectionStore } from '../connection/connection-store.ts'
import type { ConnectionStore } from '../connection/connection-store.ts'
import { openOutboxDelivery } from '../outbox/outbox-delivery.ts'
import { openOutbox } from '../outbox/outbox.ts'
import type { OutboxItem } from '../outbox/outbox-item.ts'
import type { Outbox, OutboxDeps } from '../outbox/outbox.ts'
import { toBackOffMs } from '../stream/back-off.ts'
import { findRunningAnswer, isBusy } from '../stream/chat-state.ts'
import { createChatStore } from '../stream/chat-store.ts'
import type { ChatStore } from '../stream/chat-store.ts'
import { waitFor } from '../stream/clock.ts'
import { findNewestLeaf } from '../thread/message-tree.ts'
import type { MessageFile } from '../uploads/message-file.ts'
import { submitAnswer } from './answer-sender.ts'
import { openChatReader } from './chat-reader.ts'
import type { ChatReader, ChatReaderDeps } from './chat-reader.ts'
import { toAgainSubmission, toQuestionSubmission } from './to-submission.ts'

const maxStopAttempts = 8
const tooLarge = new ApiError({
  code: 'body_too_large',
  message: 'The message is too large.',
  requestId: null,
  status: 413,
  retryAfterMs: null,
})

/** What could not be done although a person asked for it. */
export type ChatProblem = 'answer-again' | 'stop' | 'rate' | 'switch-branch'

export interface ChatRuntimeDeps
  extends
    Omit<ChatReaderDeps, 'store' | 'isUnsent' | 'onLost' | 'onStarted' | 'onLoaded' | 'onQuotaWarnings'>,
    Omit<OutboxDeps, 'userId'> {
  userId: string
  createId: () => string
  onProblem: (problem: ChatProblem, error: ApiError) => void
}

export interface NewMessage {
  sessionId: string
  text: string
  files?: readonly MessageFile[]
  agentId: string | null
  /** The first message of a new chat, whose id was made here. */
  startsChat?: true
  /** Asks an earlier question anew: the message the new branch hangs on, null at the root. */
  branchFromId?: string | null
}

/** The chat of one signed-in person outside React: stores to read, acts to call. Acts never throw. */
export interface ChatRuntime {
  store: ChatStore
  outbox: Outbox
  connection: ConnectionStore
  /** Quotas that a question took past their soft limit, until dismissed. */
  quotaWarnings: StoreApi<readonly QuotaUse[]>
  show: (sessionId: string | null) => void
  refresh: (sessionId: string) => void
  loadOlder: (sessionId: string) => void
  note: (session: ChatSession) => void
  send: (message: NewMessage) => void
  /** Makes the answer again as its sibling, or goes on from its partial text. */
  answerAgain: (
    sessionId: string,
    messageId: string,
    options: { agentId: string | null; isContinuation: boolean },
  ) => void
  stop: (sessionId: string) => void
  showVersion: (sessionId: string, messageId: string) => void
  rate: (sessionId: string, messageId: string, rating: 'good' | 'bad' | null) => void
  /** Sends a refused item again, to this agent. */
  retryItem: (id: string, agentId: string | null) => void
  /** Takes an item out of the outbox; null when it is on the wire already. */
  takeBack: (id: string) => OutboxItem | null
  /** Forgets what this tab knows of a deleted chat, and what still waits to be sent to it. */
  forget: (sessionId: string) => void
  close: () => void
}

export function openChatRuntime(deps: ChatRuntimeDeps): ChatRuntime {
  const { api, clock } = deps
  const store = createChatStore()
  const connection = createConnectionStore()
  const quotaWarnings = createStore<readonly QuotaUse[]>(() => [])
  const outbox = openOutbox(deps)
  const isUnsent = (id: string) => outbox.items.getState().some((item) => item.sessionId === id && item.startsChat)
  const reader: ChatReader = openChatReader({
    ...deps,
    store,
    isUnsent,
    onLost: (lost) => connection.report('stream', lost),
    onLoaded: () => delivery.pump(),
    onQuotaWarnings: (warnings) => quotaWarnings.setState(warnings, true),
    onEnded: (sessionId, answer) => {
      delivery.wake()
      deps.onEnded(sessionId, answer)
    },
    onStarted: (sessionId) => {
      if (store.getEntry(sessionId).isStopping) void requestStop(sessionId)
    },
  })
  const senderDeps = { ...deps, store, reader }
  const delivery = openOutboxDelivery({
    ...deps,
    outbox,
    submit: submitItem,
    canSend: (sessionId) => !isBusy(store.getEntry(sessionId)) && store.getEntry(sessionId).load.state !== 'loading',
    onLost: (lost) => connection.report('outbox', lost),
  })
  const stopListening = deps.onWake(() => delivery.wake())

  async function submitItem(item: OutboxItem, isRepeat: boolean): Promise<ApiError | null> {
    // The server would say the same after it has read all of it, and the page would have painted all of it.
    if (item.text.length > maxQuestionChars) return tooLarge
    const submission = toQuestionSubmission(item, store.getEntry(item.sessionId), { nowMs: clock.now(), isRepeat })
    const { parentId } = submission.body
    if (parentId !== undefined) outbox.change(item.id, (current) => ({ ...current, parentId }))
    const error = await submitAnswer(senderDeps, submission)
    // Somebody else, perhaps this person's phone, has an answer running here: show it.
    if (error?.code === 'generation_running') void reader.refresh(item.sessionId)
    return error
  }

  async function requestStop(sessionId: string): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const entry = store.getEntry(sessionId)
      const running = findRunningAnswer(entry)
      if (!entry.isStopping || !running) return
      try {
        await api.stopAnswer(sessionId, running.generationId)
        return
      } catch (thrown) {
        const error = toApiError(thrown)
        if (isRetryable(error) && attempt < maxStopAttempts) {
          const { signal } = new AbortController()
          await waitFor(clock, toBackOffMs(attempt, deps.random()), { listen: deps.onWake, signal })
          continue
        }
        store.change(sessionId, (current) => ({ ...current, isStopping: false }))
        deps.onProblem('stop', error)
        return
      }
    }
  }

  async function answerAgain(
    sessionId: string,
    messageId: string,
    options: { agentId: string | null; isContinuation: boolean },
  ): Promise<void> {
    const entry = store.getEntry(sessionId)
    if (isBusy(entry)) return
    const submission = toAgainSubmission(sessionId, entry.messages.get(messageId) ?? null, messageId, options)
    const error = await submitAnswer(senderDeps, submission)
    if (error) deps.onProblem('answer-again', error)
  }

  async function attempt(problem: ChatProblem, request: Promise<unknown>, undo: () => void): Promise<void> {
    try {
      await request
    } catch (thrown) {
      undo()
      deps.onProblem(problem, toApiError(thrown))
    }
  }

  // What an earlier visit left unsent.
  delivery.pump()

  return {
    store,
    outbox,
    connection,
    quotaWarnings,
    show: reader.show,
    refresh: (sessionId) => void reader.refresh(sessionId),
    loadOlder: (sessionId) => void reader.loadOlder(sessionId),
    note: reader.note,
    send(message) {
      const { sessionId, startsChat } = message
      if (startsChat) store.change(sessionId, (entry) => ({ ...entry, load: { state: 'ready' } }))
      outbox.add({ ...message, id: deps.createId(), createdAt: new Date(clock.now()).toISOString() })
      delivery.pump()
    },
    answerAgain: (sessionId, messageId, options) => void answerAgain(sessionId, messageId, options),
    stop(sessionId) {
      if (store.getEntry(sessionId).isStopping || !isBusy(store.getEntry(sessionId))) return
      store.change(sessionId, (entry) => ({ ...entry, isStopping: true }))
      void requestStop(sessionId)
    },
    showVersion(sessionId, messageId) {
      const leafId = findNewestLeaf(store.getEntry(sessionId).messages, messageId)
      store.change(sessionId, (entry) => ({ ...entry, leafId }))
      reader.follow()
      void attempt('switch-branch', api.updateSession(sessionId, { activeLeafId: leafId }), () => undefined)
    },
    rate(sessionId, messageId, rating) {
      const before = store.getEntry(sessionId).messages.get(messageId)?.feedback ?? null
      const setRating = (feedback: 'good' | 'bad' | null) =>
        store.change(sessionId, (entry) => {
          const message = entry.messages.get(messageId)
          if (!message) return entry
          return { ...entry, messages: new Map(entry.messages).set(messageId, { ...message, feedback }) }
        })
      setRating(rating)
      void attempt('rate', api.sendFeedback({ messageId, rating }), () => setRating(before))
    },
    retryItem(id, agentId) {
      outbox.change(id, ({ failure: _settled, ...item }) => ({ ...item, agentId }))
      delivery.pump()
    },
    takeBack(id) {
      const item = outbox.items.getState().find((candidate) => candidate.id === id)
      if (!item || !delivery.canTakeBack(id)) return null
      outbox.remove(id)
      delivery.wake()
      return item
    },
    forget(sessionId) {
      for (const item of outbox.items.getState()) if (item.sessionId === sessionId) outbox.remove(item.id)
      store.forget(sessionId)
    },
    close() {
      stopListening()
      delivery.close()
      reader.close()
      outbox.close()
    },
  }
}
