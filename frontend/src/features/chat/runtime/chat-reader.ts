import type { ChatMessage, ChatSession } from '@llmchat/protocol/api/chat-schema'
import { toApiError } from '../../../shared/api/api-error.ts'
import { findRunningAnswer, isBusy, withPage, withoutOutgoing } from '../stream/chat-state.ts'
import type { ChatEntry } from '../stream/chat-state.ts'
import { openAnswerWatch } from './answer-watch.ts'
import type { AnswerWatch, AnswerWatchDeps } from './answer-watch.ts'
import type { ChatApi } from './chat-api.ts'

/** A tab nobody looks at gives its stream back after this long. */
export const hiddenReleaseMs = 30_000

export interface ChatReaderDeps extends AnswerWatchDeps {
  api: ChatApi
  isVisible: () => boolean
  /** Calls back when the tab is hidden or shown. */
  onVisibility: (listener: () => void) => () => void
  /** True for a chat that the server may not know yet, because its first message waits here. */
  isUnsent: (sessionId: string) => boolean
  /** The ids of an answer asked for here are known. */
  onStarted: (sessionId: string) => void
  /** The newest page of a chat has come, or could not. */
  onLoaded: () => void
  /** An answer on the screen has ended; null when only the server knows how. */
  onEnded: (sessionId: string, answer: ChatMessage | null) => void
  /** What the list of chats shows has changed. */
  onSessionsChanged: () => void
}

/** Loads the chat on the screen and follows its running answer: one watch stream at most. */
export interface ChatReader {
  show: (sessionId: string | null) => void
  isShown: (sessionId: string) => boolean
  refresh: (sessionId: string) => Promise<void>
  loadOlder: (sessionId: string) => Promise<void>
  /** Follows the answer that a POST has just started. */
  adopt: (sessionId: string, response: Response) => void
  /** Follows the running answer of the shown branch, if another one or none is followed now. */
  follow: () => void
  /** What the polled list says about a chat: an answer asked for elsewhere shows up here. */
  note: (session: ChatSession) => void
  findWatch: (sessionId: string) => AnswerWatch | null
  close: () => void
}

export function openChatReader(deps: ChatReaderDeps): ChatReader {
  const { store, api, clock } = deps
  let shownId: string | null = null
  let watch: AnswerWatch | null = null
  let cancelRelease: (() => void) | null = null

  function dropWatch(): void {
    watch?.close()
    watch = null
  }

  function openWatch(sessionId: string, message: ChatMessage | null, response?: Response): void {
    dropWatch()
    const target = {
      sessionId,
      generationId: message?.generationId ?? null,
      message,
      ...(response ? { response } : {}),
    }
    const opened: AnswerWatch = openAnswerWatch(deps, target, {
      onStarted: () => {
        deps.onSessionsChanged()
        deps.onStarted(sessionId)
      },
      onEnded: (end) => {
        if (watch === opened) watch = null
        deps.onSessionsChanged()
        const { messageId } = opened
        const answer = end === 'terminal' && messageId ? store.getEntry(sessionId).messages.get(messageId) : undefined
        if (!answer) store.change(sessionId, withoutOutgoing)
        void markRead(sessionId)
        deps.onEnded(sessionId, answer ?? null)
        // Without a terminal event only the stored row knows what became of the answer.
        if (!answer) void refresh(sessionId)
      },
    })
    watch = opened
  }

  function follow(): void {
    if (shownId === null) return
    const running = findRunningAnswer(store.getEntry(shownId))
    if (!running || store.getEntry(shownId).outgoing || watch?.messageId === running.id) return
    openWatch(shownId, running)
  }

  async function refresh(sessionId: string): Promise<void> {
    const change = (next: (entry: ChatEntry) => ChatEntry) => store.change(sessionId, next)
    change((entry) => (entry.load.state === 'ready' ? entry : { ...entry, load: { state: 'loading' } }))
    try {
      const page = await api.listMessages(sessionId, null)
      change((entry) => withPage(entry, page, 'newest'))
      if (shownId !== sessionId) return
      if (page.session.state === 'unread') void markRead(sessionId)
      follow()
    } catch (thrown) {
      const error = toApiError(thrown)
      const isNew = deps.isUnsent(sessionId) && (error.status === 404 || error.code === 'network')
      change((entry) => {
        if (entry.load.state === 'ready') return entry
        return { ...entry, load: isNew ? { state: 'ready' } : { state: 'failed', error } }
      })
    }
    deps.onLoaded()
  }

  async function markRead(sessionId: string): Promise<void> {
    if (shownId !== sessionId || !deps.isVisible()) return
    try {
      await api.updateSession(sessionId, { isRead: true })
      deps.onSessionsChanged()
    } catch {
      // The mark stays; the next visit sets it.
    }
  }

  const stopWaking = deps.onWake(() => {
    if (shownId !== null && store.getEntry(shownId).load.state === 'failed') void refresh(shownId)
  })
  const stopListening = deps.onVisibility(() => {
    cancelRelease?.()
    cancelRelease = null
    if (deps.isVisible()) {
      watch?.resume()
      if (shownId !== null && store.getEntry(shownId).session?.state === 'unread') void markRead(shownId)
    } else cancelRelease = clock.schedule(() => watch?.pause(), hiddenReleaseMs)
  })

  return {
    show(sessionId) {
      if (sessionId === shownId) return
      dropWatch()
      shownId = sessionId
      if (sessionId !== null && store.getEntry(sessionId).outgoing?.phase !== 'sending') void refresh(sessionId)
    },
    isShown: (sessionId) => sessionId === shownId,
    refresh,
    async loadOlder(sessionId) {
      const { olderCursor, isLoadingOlder } = store.getEntry(sessionId)
      if (olderCursor === null || isLoadingOlder) return
      store.change(sessionId, (entry) => ({ ...entry, isLoadingOlder: true }))
      try {
        const page = await api.listMessages(sessionId, olderCursor)
        store.change(sessionId, (entry) => withPage(entry, page, 'older'))
      } catch {
        // The next scroll to the top asks again.
        store.change(sessionId, (entry) => ({ ...entry, isLoadingOlder: false }))
      }
    },
    adopt: (sessionId, response) => openWatch(sessionId, null, response),
    follow,
    note(session) {
      const entry = store.getEntry(session.id)
      if (shownId !== session.id || entry.load.state !== 'ready' || entry.outgoing) return
      const isNews = entry.session?.updatedAt !== session.updatedAt || (session.state === 'running' && !isBusy(entry))
      store.change(session.id, (current) => (isSame(current.session, session) ? current : { ...current, session }))
      if (isNews && !watch) void refresh(session.id)
      else if (session.state === 'unread') void markRead(session.id)
    },
    findWatch: (sessionId) => (watch?.sessionId === sessionId ? watch : null),
    close() {
      stopWaking()
      stopListening()
      cancelRelease?.()
      dropWatch()
      shownId = null
    },
  }
}

function isSame(left: ChatSession | null, right: ChatSession): boolean {
  return left !== null && JSON.stringify(left) === JSON.stringify(right)
}
