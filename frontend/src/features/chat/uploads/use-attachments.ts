import { useCallback } from 'react'
import { useText } from '../../../shared/i18n/use-text.ts'
import { toErrorText } from '../../../shared/i18n/error-text.ts'
import { showToast } from '../../../shared/ui/toast-store.ts'
import { useChatRuntime } from '../runtime/chat-runtime-context.ts'
import { useAttachmentList } from './attachment-store.ts'
import type { Attachment } from './attachment.ts'

/** The files beside the draft under `draftKey`. */
export function useAttachments(draftKey: string): readonly Attachment[] {
  return useAttachmentList(useChatRuntime().attachments, draftKey)
}

/** Adds files to a draft, and says so when some do not fit into one message. */
export function useAddFiles(): (draftKey: string, files: readonly File[]) => void {
  const text = useText()
  const { loadUploader } = useChatRuntime()
  return useCallback(
    (draftKey, files) => {
      const add = async () => {
        try {
          const { leftOut, max } = await (await loadUploader()).add(draftKey, files)
          if (leftOut > 0) showToast({ kind: 'bad', text: text('chat.files.tooMany', { max, count: leftOut }) })
        } catch (error) {
          showToast({ kind: 'bad', text: text('chat.files.notAdded', { reason: toErrorText(text, error) }) })
        }
      }
      if (files.length > 0) void add()
    },
    [text, loadUploader],
  )
}
