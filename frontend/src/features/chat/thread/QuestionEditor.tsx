import type { Agent } from '@llmchat/protocol/api/agent-schema'
import { Suspense, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import type { ChatMessage } from '@llmchat/protocol/api/chat-schema'
import { useText } from '../../../shared/i18n/use-text.ts'
import { useSettings } from '../../../shared/settings/use-settings.ts'
import { isComposing, isSendKey } from '../composer/send-key.ts'
import { useChatRuntime } from '../runtime/chat-runtime-context.ts'
import { AttachButton } from '../uploads/AttachButton.tsx'
import { toAttachment } from '../uploads/attachment-store.ts'
import { LazyAttachmentList } from '../uploads/lazy-attachments.ts'
import { toMessageFiles } from '../uploads/message-file.ts'
import type { MessageFile } from '../uploads/message-file.ts'
import { listPastedFiles } from '../uploads/pasted-files.ts'
import { useAddFiles } from '../uploads/use-attachments.ts'
import { useFileSending } from '../uploads/use-file-sending.ts'
import { toEditKey } from './to-edit-key.ts'

interface QuestionEditorProps {
  message: ChatMessage
  /** The question as it was asked. */
  text: string
  agent: Agent | null
  onCancel: () => void
  onSend: (text: string, files: readonly MessageFile[]) => void
}

/** Rewrites a question in its place, its files with it. What is typed is a draft like any other: a reload keeps it. */
export function QuestionEditor({ message, text: original, agent, onCancel, onSend }: QuestionEditorProps) {
  const text = useText()
  const { drafts, attachments: store, loadUploader } = useChatRuntime()
  const key = toEditKey(message.id)
  const isEnterToSend = useSettings((settings) => settings.isEnterToSend)
  const noteId = useId()
  const ref = useRef<HTMLTextAreaElement>(null)
  const [value, setValue] = useState(() => drafts.read(key) || original)
  useEffect(() => {
    ref.current?.focus()
    ref.current?.setSelectionRange(ref.current.value.length, ref.current.value.length)
  }, [])
  // Before the first paint, so that the files do not come after the text.
  useLayoutEffect(() => {
    if (!store.has(key)) store.change(key, () => toMessageFiles(message.parts).map((file) => toAttachment(file, true)))
  }, [store, key, message])
  const close = () => {
    drafts.set(key, '')
    store.clear(key)
    onCancel()
  }
  const isEmpty = value.trim() === ''
  const sending = useFileSending(key, agent, (files) => {
    if (isEmpty) return
    close()
    onSend(value, files)
  })
  const { attachments, isWaiting } = sending
  const send = () => {
    if (!isEmpty) sending.send()
  }
  const addFiles = useAddFiles()
  return (
    <form
      className="edit"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {attachments.length > 0 ? (
        <Suspense fallback={null}>
          <LazyAttachmentList
            draftKey={key}
            attachments={attachments}
            agent={agent}
            isWaiting={isWaiting}
            isTextMissing={isEmpty}
            onStopWaiting={sending.stopWaiting}
          />
        </Suspense>
      ) : null}
      <textarea
        ref={ref}
        rows={1}
        aria-label={text('chat.edit.label')}
        aria-describedby={noteId}
        value={value}
        onChange={(event) => {
          setValue(event.target.value)
          drafts.set(key, event.target.value)
        }}
        onPaste={(event) => {
          const files = listPastedFiles(event.clipboardData)
          if (files.length === 0) return
          event.preventDefault()
          addFiles(key, files)
        }}
        onKeyDown={(event) => {
          if (isSendKey(event.nativeEvent, isEnterToSend)) {
            event.preventDefault()
            send()
          }
          if (event.key === 'Escape' && !isComposing(event.nativeEvent)) {
            // Esc closes the top layer only; the answer behind it goes on.
            event.stopPropagation()
            close()
          }
        }}
      />
      <footer>
        <AttachButton
          agent={agent}
          onApproach={() => void loadUploader().catch(() => undefined)}
          onFiles={(files) => addFiles(key, files)}
        />
        <small id={noteId}>{text('chat.edit.note')}</small>
        <button type="button" className="btn quiet" onClick={close}>
          {text('common.cancel')}
        </button>
        <button type="submit" className="btn primary" disabled={isEmpty || sending.isBlocked || isWaiting}>
          {text('chat.edit.send')}
        </button>
      </footer>
    </form>
  )
}
