import { useEffect, useId, useRef, useState } from 'react'
import type { ChatMessage } from '@llmchat/protocol/api/chat-schema'
import { useText } from '../../../shared/i18n/use-text.ts'
import { useSettings } from '../../../shared/settings/use-settings.ts'
import { isComposing, isSendKey } from '../composer/send-key.ts'
import { useChatRuntime } from '../runtime/chat-runtime-context.ts'

interface QuestionEditorProps {
  message: ChatMessage
  /** The question as it was asked. */
  text: string
  onCancel: () => void
  onSend: (text: string) => void
}

/** Rewrites a question in its place. What is typed is a draft like any other: a reload keeps it. */
export function QuestionEditor({ message, text: original, onCancel, onSend }: QuestionEditorProps) {
  const text = useText()
  const { drafts } = useChatRuntime()
  const key = `edit.${message.id}`
  const isEnterToSend = useSettings((settings) => settings.isEnterToSend)
  const noteId = useId()
  const ref = useRef<HTMLTextAreaElement>(null)
  const [value, setValue] = useState(() => drafts.read(key) || original)
  useEffect(() => {
    ref.current?.focus()
    ref.current?.setSelectionRange(ref.current.value.length, ref.current.value.length)
  }, [])
  const close = () => {
    drafts.set(key, '')
    onCancel()
  }
  const send = () => {
    if (value.trim() === '') return
    close()
    onSend(value)
  }
  return (
    <form
      className="edit"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
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
        <small id={noteId}>{text('chat.edit.note')}</small>
        <button type="button" className="btn quiet" onClick={close}>
          {text('common.cancel')}
        </button>
        <button type="submit" className="btn primary" disabled={value.trim() === ''}>
          {text('chat.edit.send')}
        </button>
      </footer>
    </form>
  )
}
