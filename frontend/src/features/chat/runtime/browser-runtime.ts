import { sendFeedback } from '../../../shared/api/feedback.ts'
import { listMessages, stopAnswer } from '../../../shared/api/messages.ts'
import { requestResponse } from '../../../shared/api/request-json.ts'
import { updateSession } from '../../../shared/api/sessions.ts'
import { createDraftStore } from '../composer/draft-store.ts'
import type { DraftStore } from '../composer/draft-store.ts'
import { browserClock } from '../stream/clock.ts'
import { createAttachmentStore } from '../uploads/attachment-store.ts'
import type { AttachmentStore } from '../uploads/attachment-store.ts'
import type { Uploader, UploaderDeps } from '../uploads/uploader.ts'
import { createBrowserStorage } from './browser-storage.ts'
import { openBrowserWake } from './browser-wake.ts'
import { openChatRuntime } from './chat-runtime.ts'
import type { ChatRuntime, ChatRuntimeDeps } from './chat-runtime.ts'
import { createId } from './create-id.ts'

/** The runtime, what is typed or added and not sent, and the button that ends every wait for the server. */
export interface BrowserRuntime extends ChatRuntime {
  drafts: DraftStore
  attachments: AttachmentStore
  /** The same one each time. Fails when its chunk cannot be loaded. */
  loadUploader: () => Promise<Uploader>
  retryNow: () => void
}

/** The chat's runtime on this browser's clock, storage, network and tab. */
export function openBrowserRuntime(
  deps: Pick<ChatRuntimeDeps, 'userId' | 'onProblem' | 'onEnded' | 'onSessionsChanged'>,
): BrowserRuntime {
  const wake = openBrowserWake()
  const storage = createBrowserStorage()
  const attachments = createAttachmentStore(storage, deps.userId)
  let uploader: Promise<Uploader> | null = null
  const runtime = openChatRuntime({
    ...deps,
    api: { listMessages, updateSession, stopAnswer, sendFeedback },
    request: requestResponse,
    clock: browserClock,
    random: Math.random,
    createId,
    storage,
    onWake: wake.listen,
    requestFrame(run) {
      const frame = requestAnimationFrame(run)
      return () => cancelAnimationFrame(frame)
    },
    isVisible: () => document.visibilityState === 'visible',
    onVisibility(listener) {
      document.addEventListener('visibilitychange', listener)
      return () => document.removeEventListener('visibilitychange', listener)
    },
    onForeignWrite(listener) {
      const onStorage = (event: StorageEvent) => listener(event.key)
      window.addEventListener('storage', onStorage)
      return () => window.removeEventListener('storage', onStorage)
    },
  })
  return {
    ...runtime,
    drafts: createDraftStore(storage, deps.userId),
    attachments,
    loadUploader() {
      uploader ??= loadUploader({ attachments, createId, onWake: wake.listen }).catch((error: unknown) => {
        uploader = null
        throw error
      })
      return uploader
    },
    retryNow: wake.fire,
    close() {
      runtime.close()
      void uploader?.then((opened) => opened.close())
      wake.close()
    },
  }
}

/** Nobody who only types loads it. */
async function loadUploader(deps: Pick<UploaderDeps, 'attachments' | 'createId' | 'onWake'>): Promise<Uploader> {
  const { openBrowserUploader } = await import('../uploads/open-browser-uploader.ts')
  return openBrowserUploader(deps)
}
