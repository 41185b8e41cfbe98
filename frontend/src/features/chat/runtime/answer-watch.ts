import type { ChatMessage } from '@llmchat/protocol/api/chat-schema'
import type { QuotaUse } from '@llmchat/protocol/api/quota-schema'
import type { StartMetadata } from '@llmchat/protocol/chat-event'
import { emptyMessage } from '@llmchat/protocol/fold-message'
import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import { dropSnapshot, noProgress, pickShown, takeFrame } from '../stream/answer-progress.ts'
import { followAnswer } from '../stream/answer-stream.ts'
import type { AnswerEnd, AnswerStreamDeps } from '../stream/answer-stream.ts'
import { withAnswer, withLive, withoutLive } from '../stream/chat-state.ts'
import type { ChatStore } from '../stream/chat-store.ts'
import { createFramePainter } from '../stream/frame-painter.ts'
import { toNextTime } from '../thread/message-tree.ts'

export interface AnswerWatchDeps extends AnswerStreamDeps {
  store: ChatStore
  requestFrame: (run: () => void) => () => void
  onLost: (lost: { retryAtMs: number } | null) => void
  /** The question took these quotas past their soft limit. */
  onQuotaWarnings: (warnings: readonly QuotaUse[]) => void
}

export interface WatchTarget {
  sessionId: string
  generationId: string | null
  /** The stored row, when there is one: it stays on the screen until the stream has caught up with it. */
  message: ChatMessage | null
  /** The answer to the POST, when this tab asked. */
  response?: Response
}

/** The reading of one answer into the store, which can be put down and taken up again where it was. */
export interface AnswerWatch {
  readonly sessionId: string
  readonly generationId: string | null
  /** Null until the answer's row is known. */
  readonly messageId: string | null
  /** Closes the connection, keeps the place. */
  pause: () => void
  resume: () => void
  /** Ends it for good. What was read stays in the row. */
  close: () => void
}

/** `onStarted`: its ids are known. `onEnded`: by its terminal event, or because there is nothing left to follow. */
export interface WatchListener {
  onStarted: () => void
  onEnded: (end: Exclude<AnswerEnd, 'released'>) => void
}

export function openAnswerWatch(deps: AnswerWatchDeps, target: WatchTarget, listener: WatchListener): AnswerWatch {
  const { store } = deps
  const { sessionId } = target
  let progress = noProgress
  let shown: FoldedMessage | null = target.message ? toFolded(target.message) : null
  let messageId = target.message?.id ?? null
  let generationId = target.generationId
  let lastFrameId: string | null = null
  let response = target.response
  let controller: AbortController | null = null

  const painter = createFramePainter(() => {
    shown = pickShown(shown, progress)
    const painted = shown
    if (messageId !== null) store.change(sessionId, (entry) => withLive(entry, messageId ?? '', painted))
  }, deps.requestFrame)

  function begin(answerId: string, metadata: StartMetadata): void {
    if (messageId === answerId) {
      painter.schedule()
      return
    }
    messageId = answerId
    generationId = metadata.generationId
    shown = pickShown(shown, progress)
    const painted = shown
    store.change(sessionId, (entry) => {
      const parentId = metadata.parentId ?? entry.outgoing?.parentId ?? null
      return withAnswer(
        entry,
        toRow(sessionId, answerId, parentId, metadata, toNextTime(entry.messages, deps.clock.now())),
        painted,
      )
    })
    listener.onStarted()
  }

  async function run(signal: AbortSignal): Promise<void> {
    const first = response
    response = undefined
    const end = await followAnswer(
      deps,
      { sessionId, generationId, lastFrameId, ...(first ? { response: first } : {}) },
      {
        onFrame(frameId, event) {
          const before = progress
          progress = takeFrame(progress, frameId, event)
          lastFrameId = frameId ?? lastFrameId
          if (event.type === 'start' && progress !== before) begin(event.messageId, event.messageMetadata)
          else if (progress !== before) painter.schedule()
          if (event.type === 'data-quota') deps.onQuotaWarnings(event.data.warnings)
        },
        onLost(lost) {
          if (!lost) progress = dropSnapshot(progress)
          deps.onLost(lost)
        },
      },
      signal,
    )
    if (end === 'released') return
    finish()
    listener.onEnded(end)
  }

  function finish(): void {
    controller = null
    painter.flush()
    painter.close()
    deps.onLost(null)
    if (messageId !== null) store.change(sessionId, (entry) => withoutLive(entry, messageId ?? ''))
  }

  function pause(): void {
    controller?.abort()
    controller = null
    painter.flush()
    deps.onLost(null)
  }

  function resume(): void {
    if (controller) return
    controller = new AbortController()
    void run(controller.signal)
  }

  resume()
  return {
    sessionId,
    get generationId() {
      return generationId
    },
    get messageId() {
      return messageId
    },
    pause,
    resume,
    close() {
      pause()
      finish()
    },
  }
}

function toFolded(message: ChatMessage): FoldedMessage {
  const { id: messageId, agentId, agentName, insteadOf, generationId, parts, usage, timing } = message
  const answeredBy =
    agentId !== null && agentName !== null && insteadOf !== null ? { agentId, agentName, insteadOf } : null
  const delivery = message.delivery ?? emptyMessage.delivery
  return { messageId, agentId, answeredBy, generationId, parts, delivery, usage, timing }
}

function toRow(
  sessionId: string,
  id: string,
  parentId: string | null,
  metadata: StartMetadata,
  createdAt: string,
): ChatMessage {
  return {
    id,
    sessionId,
    parentId,
    role: 'assistant',
    parts: [],
    delivery: emptyMessage.delivery,
    agentId: metadata.agentId,
    agentName: null,
    insteadOf: null,
    generationId: metadata.generationId,
    usage: null,
    timing: null,
    feedback: null,
    createdAt,
  }
}
